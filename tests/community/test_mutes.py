import asyncio
from datetime import timedelta

import pytest

from api.composition import SUBSCRIBERS
from community import activity, authors, comments, listeners, mutes, posts
from community.activity import Activity
from community.comments import Comment
from community.experts import ExpertState
from community.groups import Group, GroupKind
from community.mutes import AliasMute, ThreadMute
from community.open_questions import EXPERTS
from community.posts import Post
from core import clock, events
from core.events import Event
from core.listeners import Listener
from core.messaging import sealed_news
from core.messaging.notices import Notice
from core.messaging.sealed_news import SealedNews
from core.people import Person
from tests.community.test_listeners import NOON
from tests.expertise import in_state
from tests.makers import a_comment, a_crowd, a_group, a_member, a_post, ask, node, send

READ = """
    query ($group: ID!, $tag: ID!) {
      feed { edges { node { text } } }
      groupFeed: feed(groupId: $group) { edges { node { text } } }
      tagFeed(tagId: $tag) { edges { node { text } } }
      unansweredQuestions { edges { node { text } } }
      group(id: $group) { viewerUnreadCount }
    }
"""
LISTS = ("feed", "groupFeed", "tagFeed", "unansweredQuestions")
BUCKET = timedelta(minutes=6)  # and a little more


async def a_past_post(group: Group, **given) -> Post:
    """That has appeared, also in a support group, before the past comments were written."""
    with clock.set_to(clock.now() - 2 * BUCKET):
        return await a_post(group, **given)


async def a_past_comment(post: Post, **given) -> Comment:
    with clock.set_to(clock.now() - BUCKET):
        return await a_comment(post, **given)


async def mute(post, *, by):
    return await send("MuteThread", by=by, post=node("post", post))


async def mute_alias(comment, *, by):
    return await send("MuteAlias", by=by, comment=node("comment", comment))


async def delivered() -> None:
    while await events.deliver(SUBSCRIBERS):
        assert not await Event.filter(error__not_isnull=True).values_list("error")
    with clock.set_to(clock.now() + timedelta(hours=1)):
        await sealed_news.tell_due()


async def read(by: Person, group: Group) -> tuple[dict[str, list[str]], int]:
    tag = (await send("Tag", by=by, called="till"))["id"]
    answer = await ask(READ, by=by, group=node("group", group), tag=tag)
    assert "errors" not in answer, answer
    data = answer["data"]
    return {name: texts(data[name]) for name in LISTS}, data["group"]["viewerUnreadCount"]


async def listed(post, *, to: Person) -> list[str]:
    return sorted(texts((await send("Post", by=to, id=node("post", post)))["comments"]))


async def unlisted(post, *, to: Person) -> list[str]:
    return texts((await send("MutedComments", by=to, post=node("post", post)))["comments"])


def everywhere(*texts: str) -> dict[str, list[str]]:
    return {name: [*texts] for name in LISTS}


def texts(connection) -> list[str]:
    return [edge["node"]["text"] for edge in connection["edges"]]


async def a_shelter() -> tuple[Group, list[Person]]:
    group = await a_group(kind=GroupKind.SUPPORT)
    return group, await a_crowd(group, 11)


async def test_a_muted_thread_stands_in_no_feed_and_counts_as_read_but_opens():
    group = await a_group()
    ann, ben = await a_member(group), await a_member(group)
    asked = {"by": ben, "is_question": True, "tags": ["till"]}
    _, gone = [await a_post(group, text=text, **asked) for text in ("Kept", "Gone")]
    assert await read(ann, group) == (everywhere("Gone", "Kept"), 2)

    for _ in range(2):
        assert (await mute(gone, by=ann))["post"]["viewerHasMuted"] is True
    assert await read(ann, group) == (everywhere("Kept"), 1)
    assert (await send("Post", by=ann, id=node("post", gone)))["text"] == "Gone"
    assert await ThreadMute.all().values_list("person_id", "post_id") == [(ann.id, gone.id)]

    unmuted = await send("UnmuteThread", by=ann, post=node("post", gone))
    assert unmuted["post"]["viewerHasMuted"] is False
    assert await read(ann, group) == (everywhere("Gone", "Kept"), 2)
    assert not await ThreadMute.exists()


async def test_nobody_else_sees_a_difference():
    group = await a_group()
    ann, ben, cai = [await a_member(group) for _ in range(3)]
    post = await a_post(group, by=ben, is_question=True, tags=["till"])
    before = [await read(person, group) for person in (ben, cai)]
    await mute(post, by=ann)
    assert [await read(person, group) for person in (ben, cai)] == before
    for person in (ben, cai):
        mine = await send("MutedThreads", by=person)
        assert mine["mutedThreads"]["edges"] == []


async def test_an_idea_that_one_has_muted_is_not_listed():
    group = await a_group(kind=GroupKind.IDEAS)
    ann, ben = await a_member(group), await a_member(group)
    for text in ("Lamps", "Plants"):
        post = await a_post(group, by=ben, text=text)
    await delivered()
    await mute(post, by=ann)
    for person, expected in ((ann, ["Lamps"]), (ben, ["Plants", "Lamps"])):
        ideas = await send("Ideas", by=person, group=node("group", group), order="NEWEST")
        assert [edge["node"]["post"]["text"] for edge in ideas["edges"]] == expected


async def test_a_muted_anonymous_post_of_ones_own_leaves_the_feed_before_it_appears():
    group, [ann, *_] = await a_shelter()
    post = await a_post(group, by=ann, anonymous=True)
    assert len((await send("Feed", by=ann))["edges"]) == 1
    await mute(post, by=ann)
    assert (await send("Feed", by=ann))["edges"] == []


async def test_what_one_has_muted_one_can_list_latest_first():
    group = await a_group()
    ann = await a_member(group)
    texts = ["One", "Two", "Three"]
    for minute, text in enumerate(texts):
        post = await a_post(group, text=text)
        with clock.set_to(clock.now() + timedelta(minutes=minute)):
            await mute(post, by=ann)
    first = (await send("MutedThreads", by=ann, first=2))["mutedThreads"]
    after = first["pageInfo"]["endCursor"]
    rest = (await send("MutedThreads", by=ann, after=after))["mutedThreads"]
    edges = [*first["edges"], *rest["edges"]]
    assert [edge["node"]["post"]["text"] for edge in edges] == texts[::-1]
    assert all(edge["node"]["post"]["viewerHasMuted"] for edge in edges)
    await posts.delete(post.id, by=await Person.get(id=post.author_id))
    [gone, *_] = (await send("MutedThreads", by=ann))["mutedThreads"]["edges"]
    assert gone["node"]["post"] is None


@pytest.mark.parametrize("group_kind", [GroupKind.SUPPORT, GroupKind.SOCIAL])
async def test_of_a_muted_thread_one_is_told_nothing(group_kind):
    group = await a_group(kind=group_kind)
    ann, ben, *_ = await a_crowd(group, 11)
    loud, quiet = [await a_past_post(group, by=ann) for _ in range(2)]
    await mute(quiet, by=ann)
    await a_past_comment(quiet, by=ben)
    await delivered()
    assert not await Notice.exists()
    await a_past_comment(loud, by=ben)
    await delivered()
    assert (await Notice.get()).person_id == ann.id


async def test_what_waits_sealed_does_not_tell_that_its_author_has_muted_the_thread():
    group, [ann, ben, *_] = await a_shelter()
    quiet, loud = [await a_past_post(group, by=ann, anonymous=True) for _ in range(2)]
    await mute(quiet, by=ann)
    for post in (quiet, loud):
        await a_past_comment(post, by=ben)
    while await events.deliver(SUBSCRIBERS):
        pass
    one, other = await SealedNews.all()
    assert len(one.sealed) == len(other.sealed)
    await delivered()
    assert not await SealedNews.exists()
    assert (await Notice.get()).person_id == ann.id


async def test_experts_and_listeners_are_not_called_to_a_thread_that_they_have_muted():
    group, [ann, ben, cai, *_] = await a_shelter()
    for person in (ben, cai):
        await listeners.listen(group.id, by=person)
    post = await a_past_post(group, by=ann, anonymous=True)
    await mute(post, by=ben)
    with clock.set_to(NOON):
        await listeners.ask(post, group)
    asked = await Event.filter(name="listener.asked")
    assert [event.payload["listener"] for event in asked] == [str(cai.id)]

    knowledge = await a_group()
    question = await a_post(knowledge, is_question=True, tags=["till"])
    dan = await a_member(knowledge)
    await in_state(ExpertState.EXPERT, "till", person=dan)
    here = {"post": question.id, "group": knowledge.id, "author": question.author_id}
    assert [one.person_id for (one,) in await EXPERTS.rows(**here)] == [dan.id]
    await mute(question, by=dan)
    assert await EXPERTS.rows(**here) == []


async def test_who_follows_a_group_hears_nothing_of_a_muted_thread():
    group = await a_group()
    ann = await a_member(group)
    quiet, heard = [await a_post(group) for _ in range(2)]
    await mute(quiet, by=ann)
    for post in (quiet, heard):
        await a_comment(post)
    await delivered()
    await group.refresh_from_db()
    start = Activity(group_id=group.id, seq=0).cursor
    following = activity.follow(group, start, by=ann, listener=Listener())
    rows = [await anext(following) for _ in range(2)]
    await following.aclose()
    assert {row.post_id for row in rows} == {heard.id}


async def test_a_muted_alias_is_not_listed_in_its_thread_and_can_be_found_again():
    group, [ann, ben, cai, *_] = await a_shelter()
    post = await a_past_post(group, by=ann, anonymous=True)
    said = await a_past_comment(post, by=ben, text="Alias", anonymous=True)
    await a_past_comment(post, by=ben, text="Name")
    await a_past_comment(post, by=cai, text="Other", anonymous=True)
    for _ in range(2):
        assert (await mute_alias(said, by=ann))["comment"]["id"] == node("comment", said)

    assert await comments.seen([said.id], viewer=ann) == [None]
    assert await listed(post, to=ann) == ["Name", "Other"]
    assert await unlisted(post, to=ann) == ["Alias"]
    for person in (ben, cai):
        assert await comments.seen([said.id], viewer=person) == [said]
        assert await listed(post, to=person) == ["Alias", "Name", "Other"]
        assert await unlisted(post, to=person) == []

    again = await send("UnmuteAlias", by=ann, comment=node("comment", said))
    assert again["comment"]["id"] == node("comment", said)
    assert await listed(post, to=ann) == ["Alias", "Name", "Other"]
    assert not await AliasMute.exists()


async def test_who_mutes_an_alias_is_not_told_of_its_comments():
    group, [ann, ben, *_] = await a_shelter()
    post = await a_past_post(group, by=ann)
    await mute_alias(await a_past_comment(post, by=ben, anonymous=True), by=ann)
    await delivered()
    assert not await Notice.exists()


async def test_muting_an_alias_reaches_no_other_thread_of_whoever_it_is():
    group, [ann, ben, *_] = await a_shelter()
    one, other = [await a_past_post(group, by=ann) for _ in range(2)]
    said = await a_past_comment(one, by=ben, anonymous=True)
    await a_past_comment(other, by=ben, text="Elsewhere", anonymous=True)
    await mute_alias(said, by=ann)
    assert await listed(one, to=ann) == []
    assert await listed(other, to=ann) == ["Elsewhere"]


async def test_a_stored_mute_of_an_alias_names_nobody():
    group, [ann, ben, *_] = await a_shelter()
    post = await a_past_post(group, by=ann)
    said = await a_past_comment(post, by=ben, anonymous=True)
    await mute_alias(said, by=ann)
    row = await AliasMute.get()
    assert (row.reader, row.handle) == (authors.handle(ann.id, post.thread), said.handle)
    assert set(row._meta.db_fields) == {"id", "reader", "handle"}  # noqa: SLF001  # its columns


async def test_neither_a_name_nor_oneself_nor_what_one_cannot_read_is_muted():
    group, [ann, ben, *_] = await a_shelter()
    post, stranger = await a_past_post(group, by=ann), await a_member(await a_group())
    own = await a_past_comment(post, by=ann, anonymous=True)
    named = await a_past_comment(post, by=ben)
    for comment, by, code in (
        (own, ann, "OWN_SELF"),
        (named, ann, "NO_ALIAS"),
        (own, stranger, "COMMENT_NOT_FOUND"),
    ):
        assert (await mute_alias(comment, by=by))["code"] == code
    assert (await mute(post, by=stranger))["code"] == "POST_NOT_FOUND"
    assert not await ThreadMute.exists()
    assert not await AliasMute.exists()


@pytest.mark.committed
@pytest.mark.only("postgres")
async def test_muting_at_once_is_one_mute():
    group, [ann, ben, *_] = await a_shelter()
    post = await a_past_post(group, by=ann)
    said = await a_past_comment(post, by=ben, anonymous=True)
    await asyncio.gather(
        *(mutes.mute_thread(post, by=ann) for _ in range(5)),
        *(mutes.mute_alias(said, by=ann) for _ in range(5)),
    )
    assert await ThreadMute.all().count() == await AliasMute.all().count() == 1
