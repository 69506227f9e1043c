import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest

from api.composition import SUBSCRIBERS
from community import activity, comments, memberships, posts, reactions, thanks
from community.activity import Activity, CursorTooOld
from community.comments import Comment
from community.groups import Group, GroupKind
from community.posts import Post
from community.reactions import ReactionKind
from core import clock, events
from core.cursors import BadCursor
from core.events import Event
from core.listeners import Listener
from core.people import Grants, Person
from tests.makers import a_comment, a_crowd, a_group, a_member, a_post
from tests.phones import beginning


async def everything(group: Group) -> list[Activity]:
    return await Activity.filter(group_id=group.id).order_by("seq")


async def an_event(group: Group) -> Event:
    return await events.record("post.created", group=group.id, post=uuid4())


async def read(group: Group, after: str | None, number: int) -> list[Activity]:
    """The next so many rows that a member who follows gets."""
    await group.refresh_from_db()
    ann = await a_member(group)
    following = activity.follow(group, after, by=ann, listener=Listener())
    rows = [await anext(following) for _ in range(number)]
    await following.aclose()
    return rows


async def test_all_that_happens_in_a_group_is_numbered():
    group = await a_group()
    ann, bob = await a_member(group), await a_member(group)
    post = await a_post(group, by=ann, is_question=True)
    answer = await a_comment(post, by=bob)
    await posts.edit(post.id, "Why?", by=ann)
    await comments.edit(answer.id, "Try twice", by=bob)
    await reactions.react(Comment, answer.id, ReactionKind.HUG, by=ann)
    await reactions.take_back(Comment, answer.id, ReactionKind.HUG, by=ann)
    await reactions.react(Post, post.id, ReactionKind.LIKE, by=bob)
    await thanks.thank(answer.id, by=ann)
    await thanks.take_back(answer.id, by=ann)
    carl = await a_member(group)
    await thanks.thank(answer.id, by=carl)
    await thanks.take_back(answer.id, by=carl)
    await comments.delete(answer.id, by=bob)
    await posts.delete(post.id, by=ann)

    await events.deliver(SUBSCRIBERS)

    assert [(row.seq, row.what, row.comment_id) for row in await everything(group)] == [
        (1, "POST_CREATED", None),
        (2, "COMMENT_CREATED", answer.id),
        (3, "POST_EDITED", None),
        (4, "COMMENT_EDITED", answer.id),
        (5, "REACTION_ADDED", answer.id),
        (6, "REACTION_REMOVED", answer.id),
        (7, "REACTION_ADDED", None),
        (8, "ANSWER_ACCEPTED", answer.id),
        (9, "ANSWER_UNACCEPTED", answer.id),
        (10, "ANSWER_ADOPTED", answer.id),
        (11, "ANSWER_UNADOPTED", answer.id),
        (12, "COMMENT_DELETED", answer.id),
        (13, "POST_DELETED", None),
    ]
    assert {row.post_id for row in await everything(group)} == {post.id}


async def test_an_event_delivered_again_changes_nothing():
    group = await a_group()
    first, second = await an_event(group), await an_event(group)

    for event in (first, first, second, first):
        await activity.write(event)

    rows = await everything(group)
    assert [(row.seq, row.event_id) for row in rows] == [(1, first.id), (2, second.id)]
    assert await activity.newest([group.id]) == [2]


@pytest.mark.committed
async def test_numbers_given_at_once_have_no_gap_for_any_reader():
    groups = [await a_group(), await a_group()]
    recorded = [await an_event(group) for group in groups for _ in range(50)]
    counted = set()

    async def deliver(some: list[Event]) -> None:
        for event in some:
            await activity.write(event)

    async def watch() -> None:
        while await Activity.all().count() < len(recorded):
            seqs = await Activity.filter(group_id=groups[0].id).values_list("seq", flat=True)
            assert sorted(seqs) == [*range(1, len(seqs) + 1)]
            counted.add(len(seqs))

    deliveries = (deliver([*recorded[n::5], *recorded[n::7]]) for n in range(7))
    await asyncio.gather(watch(), *deliveries)

    for group in groups:
        assert [row.seq for row in await everything(group)] == [*range(1, 51)]
    assert len(counted) > 1, "it was read while it was written"


async def test_who_follows_gets_what_comes_after_a_cursor_in_order():
    group = await a_group()
    for _ in range(5):
        await activity.write(await an_event(group))
    second = (await everything(group))[1]

    assert [row.seq for row in await read(group, beginning(group), 5)] == [1, 2, 3, 4, 5]
    assert [row.seq for row in await read(group, second.cursor, 3)] == [3, 4, 5]


async def test_who_follows_without_a_cursor_gets_what_happens_from_now_on():
    group = await a_group()
    await activity.write(await an_event(group))
    ann, listener = await a_member(group), Listener()
    await group.refresh_from_db()
    following = activity.follow(group, None, by=ann, listener=listener)
    waiting = asyncio.ensure_future(anext(following))
    await asyncio.sleep(0)

    await activity.write(await an_event(group))
    listener.hear(2)

    assert (await waiting).seq == 2
    await following.aclose()


async def test_more_than_is_read_at_once_comes_without_a_gap(monkeypatch):
    monkeypatch.setattr(activity, "AT_ONCE", 2)
    group = await a_group()
    for _ in range(5):
        await activity.write(await an_event(group))

    assert [row.seq for row in await read(group, beginning(group), 5)] == [1, 2, 3, 4, 5]


async def test_a_cursor_fits_its_group_alone_and_is_always_the_same():
    group, other = await a_group(), await a_group()

    assert beginning(group) == beginning(group) != beginning(other)
    for wrong in (beginning(other), "no cursor", ""):
        with pytest.raises(BadCursor):
            await read(group, wrong, 1)


async def test_after_seven_days_one_has_to_start_again():
    group = await a_group()
    old, new = await an_event(group), await an_event(group)
    with clock.set_to(clock.now() - timedelta(days=7, seconds=1)):
        await activity.write(old)
    await activity.write(new)
    cursor = (await everything(group))[0].cursor

    await activity.forget()

    assert [row.event_id for row in await everything(group)] == [new.id]
    assert [row.seq for row in await read(group, cursor, 1)] == [2]
    with pytest.raises(CursorTooOld):
        await read(group, beginning(group), 1)


async def test_who_missed_what_is_all_forgotten_has_to_start_again():
    group = await a_group()
    with clock.set_to(clock.now() - timedelta(days=8)):
        await activity.write(await an_event(group))
    await activity.forget()

    with pytest.raises(CursorTooOld):
        await read(group, beginning(group), 1)


async def test_a_cursor_from_before_the_database_was_restored_is_refused():
    group = await a_group()
    future = Activity(group_id=group.id, seq=1).cursor

    with pytest.raises(CursorTooOld):
        await read(group, future, 1)


async def test_the_order_in_a_bucket_tells_nothing_of_who_wrote_when():
    group = await a_group(kind=GroupKind.SUPPORT)
    crowd = await a_crowd(group)
    await Event.all().delete()
    written = [await a_post(group, by=person, anonymous=True) for person in crowd]
    recorded = await Event.all()

    with clock.set_to(written[-1].published_at):
        await events.deliver(SUBSCRIBERS)

    rows = await everything(group)
    assert len(rows) == len({post.published_at for post in written}) * 10 == 10
    assert [row.event_id for row in rows] == sorted(event.id for event in recorded)


async def test_each_sees_of_what_happened_what_they_may_see_now():
    group = await a_group(kind=GroupKind.SUPPORT)
    [ann, bob, *_] = await a_crowd(group)
    early = await a_post(group, by=ann, anonymous=True)
    with clock.set_to(clock.now() - timedelta(minutes=10)):
        shown, deleted = await a_post(group, by=ann), await a_post(group, by=ann)
    comment, lost = await a_comment(shown, by=ann), await a_comment(deleted, by=ann)
    await posts.delete(deleted.id, by=ann)
    asked = [shown.id, early.id, deleted.id, uuid4(), shown.id]

    assert await posts.seen(asked, viewer=ann) == [shown, early, None, None, shown]
    assert await posts.seen(asked, viewer=bob) == [shown, None, None, None, shown]
    asked = [comment.id, None, lost.id]
    assert await comments.seen(asked, viewer=ann) == [comment, None, None]
    assert await comments.seen(asked, viewer=bob) == [None, None, None]
    with clock.set_to(comment.published_at):
        assert await comments.seen(asked, viewer=bob) == [comment, None, None]
    await memberships.leave(group.id, by=ann)
    assert await posts.seen(asked[:1], viewer=ann) == [None]
    assert await comments.seen(asked, viewer=ann) == [None, None, None]


async def test_a_membership_is_alive_while_its_person_may_read():
    group = await a_group(kind=GroupKind.SUPPORT, excludes_hr=True, excludes_supervisors=True)
    ann, bob, carl = await a_member(group), await a_member(group), await a_member(group)
    ids = [(await memberships.as_member(group.id, person))[1].id for person in (ann, bob, carl)]

    assert await memberships.alive([*ids, uuid4()]) == [True, True, True, False]
    await memberships.leave(group.id, by=ann)
    await Person.filter(id=bob.id).update(grants=Grants.HR)
    await Person.filter(id=carl.id).update(grants=Grants.MODERATOR)
    assert await memberships.alive(ids) == [False, False, True]
    await Person.filter(id=carl.id).update(grants=Grants.SUPERVISOR | Grants.MODERATOR)
    assert await memberships.alive(ids) == [False, False, False]
