import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest

from core import clock
from core.crypto.sealing import BrokenSeal
from core.messaging import notice_settings, notice_words, notices, sealed_news
from core.messaging.contents import BLOCK, Content, Part, closed
from core.messaging.notice_kinds import MANNERS, NoticeKind
from core.messaging.notice_settings import NoticeChannel
from core.messaging.notices import Box, News, Notice
from core.messaging.sealed_news import SealedNews
from core.pages import Page
from core.people import Person
from tests.makers import a_person

POST = "post_00000000000000000000000000000001"


def liked(actor: Person | None = None, *, post: str = POST, source: str = "") -> News:
    source = source or str(actor.id if actor else uuid4())
    return News(NoticeKind.REACTION, post, source, actor.id if actor else None)


async def told(person: Person, language: str = "en") -> list[str]:
    """What a person reads, newest first."""
    [page] = await notices.of([person.id], page=Page())
    return await notice_words.texts(page.rows, language=language)


async def unread(person: Person) -> int:
    [count] = await notices.unread_counts([person.id])
    return count


async def people(*names: str) -> list[Person]:
    return [await a_person(name=name) for name in names]


@pytest.mark.parametrize(
    ("count", "en", "cn", "tw"),
    [
        (1, "Ann liked what you wrote.", "Ann喜欢你写的内容。", "Ann喜歡你寫的內容。"),
        (2, "Ben and Ann liked what you wrote.", "Ben和Ann喜欢", "Ben和Ann喜歡"),
        (3, "Cai, Ben and 1 other liked", "Cai、Ben等 3 人喜欢", "Cai、Ben等 3 人喜歡"),
        (5, "Eve, Dan and 3 others liked", "Eve、Dan等 5 人喜欢", "Eve、Dan等 5 人喜歡"),
    ],
)
async def test_what_is_alike_is_one_line_in_every_language(count, en, cn, tw):
    reader = await a_person()
    for actor in (await people("Ann", "Ben", "Cai", "Dan", "Eve"))[:count]:
        await notices.tell(reader.id, liked(actor))

    for language, expected in (("en", en), ("zh-CN", cn), ("zh-TW", tw)):
        [line] = await told(reader, language)
        assert line.startswith(expected)
    assert await unread(reader) == 1


async def test_the_same_source_and_the_same_person_count_once():
    reader, ann = await people("Reader", "Ann")
    for source in ("first", "first", "second"):
        await notices.tell(reader.id, liked(ann, source=source))
    assert await told(reader) == ["Ann liked what you wrote."]
    [notice] = await Notice.all()
    assert notice.actor_count == 1


async def test_one_who_is_not_named_makes_the_line_name_nobody():
    reader, ann = await people("Reader", "Ann")
    await notices.tell(reader.id, liked(ann))
    await notices.tell(reader.id, liked())
    assert await told(reader) == ["Somebody feels with you."]


async def test_unread_lines_keep_their_place_and_read_ones_begin_anew():
    reader, ann, ben = await people("Reader", "Ann", "Ben")
    moment = clock.now()
    other = "post_00000000000000000000000000000002"
    with clock.set_to(moment):
        await notices.tell(reader.id, liked(ann))
    with clock.set_to(moment + timedelta(minutes=10)):
        await notices.tell(reader.id, liked(ben, post=other))
    with clock.set_to(moment + timedelta(minutes=20)):
        await notices.tell(reader.id, liked(ben))
    assert await told(reader) == ["Ben liked what you wrote.", "Ben and Ann liked what you wrote."]

    await notices.mark_read(by=reader)
    assert await unread(reader) == 0
    with clock.set_to(moment + timedelta(minutes=30)):
        await notices.tell(reader.id, liked(ann, source="again"))

    assert await told(reader) == ["Ann liked what you wrote.", "Ben liked what you wrote."]
    assert await unread(reader) == 1


async def test_what_was_told_and_read_is_not_told_again():
    reader, ann = await people("Reader", "Ann")
    await notices.tell(reader.id, liked(ann))
    await notices.mark_read(by=reader)
    await notices.tell(reader.id, liked(ann))
    assert await unread(reader) == 0


async def test_what_was_taken_back_goes_and_an_empty_line_with_it():
    reader, ann, ben = await people("Reader", "Ann", "Ben")
    for actor in (ann, ben):
        await notices.tell(reader.id, liked(actor))
    await notices.withdraw(reader.id, liked(ben))
    assert await told(reader) == ["Ann liked what you wrote."]
    await notices.withdraw(reader.id, liked(ben))
    await notices.withdraw(reader.id, liked(ann))
    assert await Notice.all().count() == 0


async def test_one_reads_ones_own_notices_only():
    ann, ben = await people("Ann", "Ben")
    await notices.tell(ann.id, liked(ben))
    [notice] = await Notice.all()
    await notices.mark_read([notice.id], by=ben)
    assert (await unread(ann), await unread(ben)) == (1, 0)


async def test_times_are_told_to_five_minutes():
    reader = await a_person()
    await notices.tell(reader.id, liked())
    [notice] = await Notice.all()
    assert (notice.at.minute % 5, notice.at.second, notice.at.microsecond) == (0, 0, 0)
    assert timedelta() <= clock.now() - notice.at < timedelta(minutes=6)


async def test_a_row_tells_nothing_but_whom_it_is_for():
    reader, ann = await people("Reader", "Ann")
    await notices.tell(reader.id, liked(ann))
    await notices.tell(reader.id, News(NoticeKind.COMMENT, POST, "a comment"))
    rows = await Notice.all().values()
    assert {len(row["sealed"]) for row in rows} == {2 + 12 + BLOCK + 16}
    for row in map(str, rows):
        for secret in ("REACTION", "COMMENT", POST, POST[5:], str(ann.id), ann.id.hex):
            assert secret not in row


async def test_a_content_that_was_moved_to_another_row_does_not_open():
    one, other = uuid4(), uuid4()
    sealed = closed(Content(NoticeKind.COMMENT, POST, (Part("x"),)), one)
    with pytest.raises(BrokenSeal):
        assert Notice(id=other, sealed=sealed).content


async def test_what_is_switched_off_is_not_told():
    reader = await a_person()
    await notice_settings.choose(NoticeKind.REACTION, NoticeChannel.IN_APP, is_on=False, by=reader)
    await notices.tell(reader.id, liked())
    assert await Notice.all().count() == await Box.all().count() == 0
    await notice_settings.choose(NoticeKind.REACTION, NoticeChannel.IN_APP, is_on=True, by=reader)
    await notices.tell(reader.id, liked())
    assert await unread(reader) == 1


async def test_after_90_days_a_notice_is_gone():
    reader = await a_person()
    await notices.tell(reader.id, liked())
    with clock.set_to(clock.now() + timedelta(days=89)):
        await notices.forget()
    assert await Notice.all().count() == 1
    with clock.set_to(clock.now() + timedelta(days=91)):
        await notices.forget()
    assert await Notice.all().count() == 0


async def test_sealed_news_wait_for_a_batch_name_nobody_and_leave_nothing():
    reader, ann = await people("Reader", "Ann")
    await sealed_news.tell_later(reader.id, liked(ann))

    [row] = await SealedNews.all()
    assert (row.due_at.minute % 15, row.due_at.second, row.due_at.microsecond) == (0, 0, 0)
    assert timedelta() < row.due_at - clock.now() <= timedelta(minutes=30)
    for secret in (reader.id, ann.id, POST[5:]):
        assert str(secret).encode() not in row.sealed
    assert await sealed_news.tell_due() == 0
    with clock.set_to(row.due_at):
        assert await sealed_news.tell_due() == 1
        assert await sealed_news.tell_due() == 0

    assert await told(reader) == ["Somebody feels with you."]
    [notice] = await Notice.all()
    assert notice.at == row.due_at
    assert await SealedNews.all().count() == 0


def test_every_kind_says_something():
    assert set(MANNERS) == set(NoticeKind)


@pytest.mark.committed
async def test_lines_written_at_once_lose_nobody():
    reader = await a_person()
    actors = [await a_person() for _ in range(20)]
    await asyncio.gather(*[notices.tell(reader.id, liked(actor)) for actor in actors])
    [notice] = await Notice.all()
    assert notice.actor_count == 20
    assert await notices.newest([reader.id]) == [20]


@pytest.mark.committed
async def test_what_several_processes_find_due_is_told_once():
    reader = await a_person()
    for _ in range(10):
        await sealed_news.tell_later(reader.id, liked())
    with clock.set_to(clock.now() + timedelta(hours=1)):
        told = await asyncio.gather(*[sealed_news.tell_due() for _ in range(5)])
    assert sum(told) == 10
    assert await SealedNews.all().count() == 0
