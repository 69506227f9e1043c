"""Taps that come at the same time: each counts and is told once, each is refused for itself."""

import asyncio
from collections import Counter
from datetime import timedelta

import pytest

from community import blocks, reactions
from community.groups import GroupKind
from community.posts import Post
from community.reactions import Reaction, ReactionKind
from core import clock
from core.errors import Refused
from core.events import Event
from core.people import Person
from tests.makers import a_group, a_member, a_person, a_post

pytestmark = [pytest.mark.committed, pytest.mark.only("postgres")]

LIKE, HUG, SAME_HERE = ReactionKind


async def tapped(*asked: tuple[Person, Post, ReactionKind]) -> list[object]:
    """What each is told: the counts and their own, or why not."""
    wanted = [reactions.react(Post, post.id, kind, by=person) for person, post, kind in asked]
    told = await asyncio.gather(*wanted, return_exceptions=True)
    return [one.code if isinstance(one, Refused) else counts(one) for one in told]


def counts(post: object) -> object:
    return (
        (post.like_count, post.hug_count, post.same_here_count) if isinstance(post, Post) else post
    )


async def test_many_at_once_are_counted_and_told_once_each():
    posts = [await a_post(group := await a_group()), await a_post(group), await a_post(group)]
    people = [await a_member(group) for _ in range(8)]
    asked = [(person, post, kind) for person in people for post in posts for kind in ReactionKind]
    await tapped(*asked, *asked)
    assert [counts(post) for post in await Post.all()] == [(8, 8, 8)] * 3
    assert await Reaction.all().count() == 72
    events = await Event.filter(name="reaction.added")
    told = Counter((one.actor_id, one.payload["post"], one.payload["kind"]) for one in events)
    assert told == Counter((one.id, str(post.id), kind) for one, post, kind in asked)


async def test_each_is_told_what_stands_once_theirs_is_counted():
    post = await a_post(group := await a_group())
    people = [await a_member(group) for _ in range(5)]
    told = await tapped(*((person, post, LIKE) for person in people))
    assert told == [(5, 0, 0)] * 5


async def test_who_may_not_is_refused_and_takes_nobody_along():
    ann = await a_member(group := await a_group())
    post = await a_post(group, by=ann)
    ben, cy, dee = [await a_member(group) for _ in range(3)]
    await blocks.block(ann.id, by=dee)
    sheltered = await a_post(hidden := await a_group(kind=GroupKind.SUPPORT))
    eve = await a_member(hidden)
    asked = [(ben, LIKE), (ann, LIKE), (await a_person(), LIKE), (dee, LIKE), (cy, HUG)]
    with clock.set_to(clock.now() + timedelta(hours=1)):  # when what is sheltered is shown, too
        told = await tapped(*((who, post, kind) for who, kind in asked), (eve, sheltered, LIKE))
    refused = ["OWN_WORDS", "POST_NOT_FOUND", "POST_NOT_FOUND"]
    assert told == [(1, 1, 0), *refused, (1, 1, 0), (1, 0, 0)]
    assert await Reaction.all().count() == 3
