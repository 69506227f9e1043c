"""Posts that are kept: whoever asks is shown what stands in the database, and nothing else."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple
from uuid import uuid4

import pytest
from tortoise.connection import get_connection

from community import blocks, comments, mutes, posts, reactions
from community.comments import Comment
from community.feed import KEPT
from community.groups import Group
from community.posts import Post
from community.reactions import ReactionKind
from core import clock
from core.database import versions
from core.people import Grants, Person
from gamify.badges import awards
from gamify.badges.awards import Award
from gamify.badges.criteria import Level, Tally
from gamify.badges.keeping import KEEPING
from tests.gamify.badges.makers import a_badge
from tests.makers import a_comment, a_group, a_member, a_person, a_post, a_token, ask, node

pytestmark = pytest.mark.only("postgres")  # SQLite tells no versions

TIMES = 12

FEED = """
query Feed($group: ID!) {
  feed(groupId: $group) {
    edges {
      cursor
      node {
        id text isEdited likeCount commentCount viewerReactions viewerIsAuthor
        author {
          ... on Person { id name avatar { id } badges { id level } }
          ... on Alias { name }
        }
        comments(first: 2) {
          edges {
            node { id text likeCount author { ... on Person { name badges { id level } } } }
          }
          pageInfo { hasNextPage }
        }
      }
    }
  }
}
"""


class Room(NamedTuple):
    """Ann wrote the post, Ben two comments beneath it; Cy reads."""

    group: Group
    ann: Person
    ben: Person
    cy: Person
    post: Post
    first: Comment
    second: Comment


@pytest.fixture
async def room() -> Room:
    group = await a_group()
    ann, ben, cy = [await a_member(group, name=name) for name in ("Ann", "Ben", "Cy")]
    post = await a_post(group, by=ann)
    first, second = [await a_comment(post, by=ben, text=text) for text in ("One", "Two")]
    return Room(group, ann, ben, cy, post, first, second)


async def hidden(words: Post | Comment) -> None:
    await type(words).filter(id=words.id).update(hidden_at=clock.now())


async def renamed(person: Person) -> None:
    await Person.filter(id=person.id).update(name="Somebody else")


async def honoured(person: Person) -> Award:
    award = Award(
        id=uuid4(),
        badge=await a_badge({Level.GOLD: Tally(1)}),
        slot=f"{person.id}",
        person_id=person.id,
        level=Level.GOLD,
        won_at=clock.now(),
    )
    assert await awards.add(award)
    return award


CHANGES: dict[str, Callable[[Room], Awaitable[Any]]] = {
    "a post": lambda at: a_post(at.group, by=at.ben),
    "a comment": lambda at: comments.delete(at.first.id, by=at.ben),
    "another comment": lambda at: a_comment(at.post, by=at.ann),
    "the words": lambda at: posts.edit(at.post.id, "In other words", by=at.ann),
    "the words of a comment": lambda at: comments.edit(at.second.id, "Three", by=at.ben),
    "the post is gone": lambda at: posts.delete(at.post.id, by=at.ann),
    "the post is hidden": lambda at: hidden(at.post),
    "a comment is hidden": lambda at: hidden(at.first),
    "a like": lambda at: reactions.react(Post, at.post.id, ReactionKind.LIKE, by=at.ben),
    "a like of one's own": lambda at: reactions.react(Post, at.post.id, ReactionKind.HUG, by=at.cy),
    "a like of a comment": lambda at: reactions.react(
        Comment, at.first.id, ReactionKind.LIKE, by=at.ann
    ),
    "the author's name": lambda at: renamed(at.ann),
    "a commenter's name": lambda at: renamed(at.ben),
    "the author's badge": lambda at: honoured(at.ann),
    "a commenter's badge": lambda at: honoured(at.ben),
    "the author is blocked": lambda at: blocks.block(at.ann.id, by=at.cy),
    "a commenter is blocked": lambda at: blocks.block(at.ben.id, by=at.cy),
    "the thread is muted": lambda at: mutes.mute_thread(at.post, by=at.cy),
}


@pytest.mark.parametrize("change", CHANGES)
async def test_what_has_changed_is_shown_to_everybody_at_once(room, change):
    tokens = [await a_token(reader) for reader in (room.ann, room.ben, room.cy)]
    before = await shown(room, tokens)
    await CHANGES[change](room)
    after = await shown(room, tokens)
    assert after != before
    versions.forget()
    assert after == await shown(room, tokens)


async def test_what_has_not_changed_is_not_read_again(room, statements):
    token = await a_token(room.cy)
    first = await ask(FEED, token=token, group=node("group", room.group))
    statements()
    assert await ask(FEED, token=token, group=node("group", room.group)) == first
    assert len(statements()) == 2  # who asks, and which posts
    other = await a_token(room.ben)
    statements()
    theirs = await ask(FEED, token=other, group=node("group", room.group))
    assert len(statements()) == 2  # the same posts
    assert theirs == first


async def test_each_is_told_in_their_language_of_who_is_no_longer_known(room):
    await Person.filter(id=room.ann.id).update(name="")
    token, told = await a_token(room.cy), []
    for language in ("en", "zh-CN", "zh-TW", "en"):
        answer = await ask(FEED, token=token, language=language, group=node("group", room.group))
        [edge] = answer["data"]["feed"]["edges"]
        told.append(edge["node"]["author"]["name"])
    assert told == ["Former colleague", "已离职的同事", "已離職的同事", "Former colleague"]


async def test_who_is_erased_has_no_badge_any_more_wherever_they_were_shown_without_a_name(room):
    token = await a_token(room.cy)
    await honoured(room.ann)
    await Person.filter(id=room.ann.id).update(name="")
    [badge] = (await post_of(room, token))["author"]["badges"]
    assert badge["level"] == "GOLD"
    [of_awards] = [one for one in KEEPING if one.model is Award]
    await of_awards.erase(room.ann)
    assert (await post_of(room, token))["author"]["badges"] == []


async def test_as_many_questions_as_one_likes_leave_little_behind(room):
    token = await a_token(room.cy)
    for number in range(20):
        again = FEED.replace("cursor", f"cursor{number}: cursor")
        await ask(again, token=token, group=node("group", room.group))
    [kept] = [one for one in KEPT.values.values() if one.post.id == room.post.id]
    [memos] = versions.told([kept.post])
    assert len(memos) == 8


@pytest.mark.committed
async def test_who_writes_sees_it_however_many_read_at_the_same_moment(room):
    ann, ben, cy = [await a_token(person) for person in (room.ann, room.ben, room.cy)]
    reading = [asyncio.create_task(read_on(room, cy)) for _ in range(3)]
    await asyncio.gather(
        edit(room, ann),
        edit_comment(room, ben),
        rename(room, ben),
        like(room, cy),
        honour(room, cy),
    )
    for task in reading:
        task.cancel()
    ended = await asyncio.gather(*reading, return_exceptions=True)
    assert [type(end) for end in ended] == [asyncio.CancelledError] * 3


@pytest.mark.committed
async def test_what_comes_while_others_read_is_shown_to_nobody_who_may_not_see_it(room):
    ann, cy = await a_token(room.ann), await a_token(room.cy)
    await blocks.block(room.ben.id, by=room.cy)
    reading = [asyncio.create_task(read_on(room, ann)) for _ in range(4)]
    looking = [asyncio.create_task(see_nothing(room, cy)) for _ in range(4)]
    for comment in (room.first, room.second):
        await comments.delete(comment.id, by=room.ben)
    for number in range(TIMES):
        said = await a_comment(room.post, by=room.ben, text=f"Number {number}")
        await comments.delete(said.id, by=room.ben)
    for task in (*reading, *looking):
        task.cancel()
    ended = await asyncio.gather(*reading, *looking, return_exceptions=True)
    assert [type(end) for end in ended] == [asyncio.CancelledError] * 8


async def see_nothing(room: Room, token: str) -> None:
    while True:
        assert await said_beneath(room, token) == []


async def read_on(room: Room, token: str) -> None:
    while True:
        assert (await post_of(room, token))["id"] == node("post", room.post)


async def edit(room: Room, token: str) -> None:
    for number in range(TIMES):
        await posts.edit(room.post.id, f"Number {number}", by=room.ann)
        assert (await post_of(room, token))["text"] == f"Number {number}"


async def edit_comment(room: Room, token: str) -> None:
    for number in range(TIMES):
        await comments.edit(room.first.id, f"Comment {number}", by=room.ben)
        said = (await post_of(room, token))["comments"]["edges"]
        assert said[0]["node"]["text"] == f"Comment {number}"


async def rename(room: Room, token: str) -> None:
    for number in range(TIMES):
        await Person.filter(id=room.ben.id).update(name=f"Ben {number}")
        said = (await post_of(room, token))["comments"]["edges"]
        assert {one["node"]["author"]["name"] for one in said} == {f"Ben {number}"}


async def honour(room: Room, token: str) -> None:
    hr = await a_person(grants=Grants.HR)
    for _ in range(TIMES // 3):
        award = await honoured(room.ann)
        shown = {"id": node("award", award), "level": "GOLD"}
        assert (await post_of(room, token))["author"]["badges"] == [shown]
        await awards.revoke(award.id, "A mistake", by=hr)
        assert (await post_of(room, token))["author"]["badges"] == []


async def like(room: Room, token: str) -> None:
    for _ in range(TIMES):
        await reactions.react(Post, room.post.id, ReactionKind.LIKE, by=room.cy)
        assert (await post_of(room, token))["viewerReactions"] == ["LIKE"]
        await reactions.take_back(Post, room.post.id, ReactionKind.LIKE, by=room.cy)
        assert (await post_of(room, token))["likeCount"] == 0


@pytest.mark.committed
async def test_a_post_that_moves_to_where_another_stood_is_not_shown_as_that(room):
    token = await a_token(room.cy)
    gone, _ = [await a_post(room.group, by=room.ann, text=text) for text in ("Gone", "Kept")]
    await Post.all().update(like_count=0)  # by one transaction, so that only their places differ
    await packed("post")
    assert await texts(room, token) == ["Kept", "Gone", room.post.text]
    await Post.filter(id=gone.id).delete()
    await packed("post")
    assert await texts(room, token) == ["Kept", room.post.text]


@pytest.mark.committed
async def test_nor_does_a_comment_stand_in_for_another(room):
    token = await a_token(room.cy)
    for text in ("Three", "Four"):
        await a_comment(room.post, by=room.ben, text=text)
    await Comment.all().update(like_count=0)
    await packed("comment")
    assert await said_beneath(room, token) == ["One", "Two"]
    await Comment.filter(id=room.first.id).delete()
    await packed("comment")
    assert await said_beneath(room, token) == ["Two", "Three"]


async def packed(table: str) -> None:
    """Every row moves as far to the front as it can."""
    await get_connection("default").execute_script(f"VACUUM FULL {table}")


async def texts(room: Room, token: str) -> list[str]:
    answer = await ask(FEED, token=token, group=node("group", room.group))
    return [edge["node"]["text"] for edge in answer["data"]["feed"]["edges"]]


async def said_beneath(room: Room, token: str) -> list[str]:
    return [edge["node"]["text"] for edge in (await post_of(room, token))["comments"]["edges"]]


@pytest.mark.parametrize(("asked", "kept"), [(2, True), (5, True), (6, False)])
async def test_long_talks_are_read_each_time(room, asked, kept):
    for number in range(4):
        await a_comment(room.post, by=room.ben, text=f"Another {number}")
    token = await a_token(room.cy)
    versions.forget()
    many = FEED.replace("first: 2", f"first: {asked}")
    first = await ask(many, token=token, group=node("group", room.group))
    assert [one.post.id for one in KEPT.values.values()] == [room.post.id] * kept
    assert await ask(many, token=token, group=node("group", room.group)) == first


async def shown(room: Room, tokens: list[str]) -> list[Any]:
    return [await ask(FEED, token=token, group=node("group", room.group)) for token in tokens]


async def post_of(room: Room, token: str) -> dict[str, Any]:
    answer = await ask(FEED, token=token, group=node("group", room.group))
    [edge] = answer["data"]["feed"]["edges"]
    node_: dict[str, Any] = edge["node"]
    return node_
