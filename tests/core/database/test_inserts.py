"""A row takes the place of the one that is there, which keeps its id."""

from core.database import inserts
from core.messaging.notice_kinds import NoticeKind
from core.messaging.notice_settings import NoticeChannel, NoticeChoice
from tests.makers import a_person


async def test_a_row_that_is_put_again_says_something_else_under_its_old_id():
    ann = await a_person()
    where = {"kind": NoticeKind.WISH, "channel": NoticeChannel.WEB_PUSH}
    first = NoticeChoice(person_id=ann.id, **where, is_on=True)
    second = NoticeChoice(person_id=ann.id, **where, is_on=False)
    elsewhere = NoticeChoice(person_id=ann.id, **where | {"kind": NoticeKind.BONUS}, is_on=True)

    for choice in (first, elsewhere, second):
        await inserts.put(choice, "person_id", "kind", "channel")

    assert second.id == first.id
    choices = await NoticeChoice.filter(person_id=ann.id)
    assert {one.id: one.is_on for one in choices} == {first.id: False, elsewhere.id: True}
