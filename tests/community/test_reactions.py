import asyncio
from datetime import timedelta

import pytest

from community import reactions
from community.groups import GroupKind
from community.posts import Post
from community.reactions import Reaction, ReactionKind
from core import clock
from core.events import Event
from core.people import Person
from tests.makers import a_comment, a_group, a_member, a_person, a_post, node, send


async def test_each_kind_of_reaction_counts_once_and_is_recorded_once():
    post = await a_post()
    ann = await a_member(await post.group)

    for kind in ("LIKE", "LIKE", "HUG"):
        data = await send("React", by=ann, subject=node("post", post), kind=kind)

    assert data["subject"] == {
        "id": node("post", post),
        "likeCount": 1,
        "hugCount": 1,
        "sameHereCount": 0,
        "viewerReactions": ["HUG", "LIKE"],
    }
    assert await Event.filter(name="reaction.added", actor_id=ann.id).count() == 2


async def test_what_a_like_leaves_behind_is_the_same_on_both_databases():
    post = await a_post(group := await a_group(kind=GroupKind.KNOWLEDGE))
    ann, later = await a_member(group), clock.now() + timedelta(hours=1)

    with clock.set_to(later):
        liked = await reactions.react(Post, post.id, ReactionKind.LIKE, by=ann)

    assert (liked.like_count, (await Post.get(id=post.id)).like_count) == (1, 1)
    reaction = await Reaction.get(subject_id=post.id)
    assert (reaction.actor, reaction.kind) == (str(ann.id), ReactionKind.LIKE)
    event = await Event.get(name="reaction.added")
    assert (event.actor_id, event.handle, event.due_at) == (ann.id, None, later)
    assert (event.attempts, event.delivered_at, event.failed_at) == (0, None, None)
    assert event.payload == {
        "kind": "LIKE",
        "subject": str(post.id),
        "post": str(post.id),
        "group": str(group.id),
        "group_kind": "KNOWLEDGE",
    }


@pytest.mark.only("postgres")
async def test_a_like_under_ones_name_is_one_statement(statements):
    post = await a_post()
    ann = await a_member(await post.group)
    for _ in range(2):
        statements()
        liked = await reactions.react(Post, post.id, ReactionKind.LIKE, by=ann)
        assert (liked.like_count, len(statements())) == (1, 1)


async def test_a_reaction_taken_back_is_gone():
    comment = await a_comment(await a_post())
    post = await Post.get(id=comment.post_id)
    ann = await a_member(await post.group)
    asked = {"subject": node("comment", comment), "kind": "SAME_HERE"}
    await send("React", by=ann, **asked)

    for _ in range(2):
        data = await send("RemoveReaction", by=ann, **asked)

    assert (data["subject"]["sameHereCount"], data["subject"]["viewerReactions"]) == (0, [])
    assert await Event.filter(name="reaction.removed").count() == 1


@pytest.mark.parametrize(
    ("subject", "code"),
    [
        ("her own", "OWN_WORDS"),
        ("elsewhere", "POST_NOT_FOUND"),
        ("deleted", "POST_NOT_FOUND"),
        ("a group", "SUBJECT_NOT_FOUND"),
    ],
)
async def test_a_refused_reaction_leaves_nothing_behind(subject, code):
    group = await a_group()
    ann = await a_member(group)
    deleted = await a_post(group)
    author = await Person.get(id=deleted.author_id)
    await send("DeletePost", by=author, post=node("post", deleted))
    id = {
        "her own": node("post", await a_post(group, by=ann)),
        "elsewhere": node("post", await a_post()),
        "deleted": node("post", deleted),
        "a group": node("group", group),
    }[subject]

    data = await send("React", by=ann, subject=id, kind="LIKE")

    assert data["code"] == code
    assert not await Reaction.exists()
    assert not await Event.filter(name="reaction.added").exists()


@pytest.mark.committed
async def test_fifty_likes_of_one_person_at_once_are_one_like_and_one_event():
    post = await a_post()
    ann = await a_member(await post.group)

    await asyncio.gather(
        *(reactions.react(Post, post.id, ReactionKind.LIKE, by=ann) for _ in range(50))
    )

    await post.refresh_from_db()
    assert (post.like_count, await Reaction.all().count()) == (1, 1)
    assert await Event.filter(name="reaction.added").count() == 1


@pytest.mark.committed
async def test_likes_of_many_at_once_are_all_counted():
    group = await a_group()
    post = await a_post(group)
    people = [await a_member(group) for _ in range(20)]

    await asyncio.gather(
        *(reactions.react(Post, post.id, ReactionKind.LIKE, by=person) for person in people)
    )

    await post.refresh_from_db()
    assert post.like_count == 20


async def test_in_a_support_group_no_row_and_no_event_says_who_reacted():
    group = await a_group(kind=GroupKind.SUPPORT)
    post = await a_post(group)
    post.published_at = group.created_at
    await post.save()
    ann = await a_member(group)

    await send("React", by=ann, subject=node("post", post), kind="HUG")

    reaction, event = await Reaction.get(), await Event.get(name="reaction.added")
    assert reaction.actor != str(ann.id)
    assert (event.actor_id, event.handle) == (None, None)
    assert str(ann.id) not in str(event.payload)


async def test_a_stranger_finds_nothing_to_react_to():
    data = await send(
        "React", by=await a_person(), subject=node("post", await a_post()), kind="LIKE"
    )
    assert data["code"] == "POST_NOT_FOUND"
