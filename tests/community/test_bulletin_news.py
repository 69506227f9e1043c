"""Who hears of what was pinned."""

from community import blocks, bulletin_news, bulletins, mutes
from core.messaging.notices import Notice
from core.people import Grants
from tests.community.test_announcements import delivered
from tests.core.messaging.test_notices import told
from tests.makers import a_group, a_member, a_person, a_post, node


async def test_every_member_hears_once_that_something_was_pinned_however_many_they_are(monkeypatch):
    monkeypatch.setattr(bulletin_news, "AT_ONCE", 2)
    group = await a_group()
    members = [await a_member(group) for _ in range(5)]
    by = await a_member(group, grants=Grants.MODERATOR)
    post = await a_post(group, by=members[0])
    for _ in range(2):
        await bulletins.pin(post.id, by=by)
    await delivered()
    for member in members:
        assert await told(member) == ["There is an announcement for you."]
    assert {notice.subject_id for notice in await Notice.all()} == {node("post", post)}
    assert await Notice.all().count() == 5


async def test_not_who_pinned_it_nor_who_has_muted_or_blocked_nor_who_is_no_member():
    group = await a_group()
    author, muter, blocker = [await a_member(group) for _ in range(3)]
    by, _ = await a_member(group, grants=Grants.MODERATOR), await a_person()
    post = await a_post(group, by=author)
    await mutes.mute_thread(post, by=muter)
    await blocks.block(author.id, by=blocker)
    await bulletins.pin(post.id, by=by)
    await delivered()
    assert await Notice.all().values_list("person_id", flat=True) == [author.id]
