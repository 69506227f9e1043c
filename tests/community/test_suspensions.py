import asyncio
from datetime import date, timedelta
from typing import Any

import pytest

from community import memberships, suspensions
from community.comments import Comment
from community.groups import Group, GroupKind
from community.posts import Post
from community.suspensions import Suspension
from core import clock
from core.audit import AuditEntry
from core.crypto import keys
from core.events import Event
from core.people import Grants, Person
from tests.makers import (
    a_comment,
    a_crowd,
    a_group,
    a_key,
    a_member,
    a_person,
    a_post,
    a_report,
    node,
    send,
)

LATER = timedelta(minutes=6)


@pytest.fixture
async def shelter() -> Group:
    group = await a_group(kind=GroupKind.SUPPORT)
    await a_crowd(group)
    return group


@pytest.fixture
async def moderator() -> Person:
    return await a_person(grants=Grants.MODERATOR)


async def a_case(post: Post) -> str:
    return f"moderationcase_{(await a_report(post)).case_id.hex}"


async def vented(shelter: Group, by: Person, *, anonymous: bool = True) -> Post:
    with clock.set_to(clock.now() - LATER):
        return await a_post(shelter, by=by, anonymous=anonymous)


def day(days: int) -> date:
    return clock.business_date() + timedelta(days=days)


async def suspended(case: str, by: Person, *, days: int = 7) -> Any:
    return await send(
        "SuspendAuthor", by=by, case=case, until=day(days).isoformat(), reason="INSULT"
    )


async def tries(group: Group, by: Person) -> list[str | None]:
    """The refusals of a named and an anonymous post, and of a comment."""
    other = await vented(group, await a_member(group), anonymous=False)
    written = [
        await send("CreatePost", by=by, group=node("group", group), draft=draft, key=a_key())
        for draft in ({"text": "Hi"}, {"text": "Hi", "anonymous": True})
    ]
    written.append(
        await send("AddComment", by=by, post=node("post", other), text="Hi", key=a_key())
    )
    return [one.get("code") for one in written]


@pytest.mark.parametrize("anonymous", [True, False])
async def test_who_is_suspended_writes_nothing_in_that_group(shelter, moderator, anonymous):
    ann, ben = await a_member(shelter), await a_member(shelter)
    case = await a_case(await vented(shelter, ann, anonymous=anonymous))
    data = await suspended(case, moderator)
    assert data["moderationCase"]["suspendedUntil"] == day(7).isoformat()

    before = await Post.all().count(), await Comment.all().count()
    assert await tries(shelter, ann) == ["SUSPENDED"] * 3
    assert (await Post.all().count(), await Comment.all().count()) == (before[0] + 1, before[1])
    assert await tries(shelter, ben) == [None] * 3

    elsewhere = await a_group()
    await memberships.join(elsewhere.id, by=ann)
    assert (await a_post(elsewhere, by=ann)).author_id == ann.id


async def test_it_ends_on_its_day(shelter, moderator):
    ann = await a_member(shelter)
    await suspended(await a_case(await vented(shelter, ann)), moderator)
    group = node("group", shelter)
    assert await send("MySuspension", by=ann, group=group) == {
        "id": group,
        "viewerSuspendedUntil": day(7).isoformat(),
    }
    with clock.set_to(clock.now() + timedelta(days=7)):
        assert (await send("MySuspension", by=ann, group=group))["viewerSuspendedUntil"] is None
        assert await tries(shelter, ann) == [None] * 3
        await suspensions.forget()
    assert not await Suspension.exists()


async def test_a_suspension_can_be_lifted(shelter, moderator):
    ann = await a_member(shelter)
    case = await a_case(await vented(shelter, ann))
    await suspended(case, moderator)
    for _ in range(2):
        lifted = await send("LiftSuspension", by=moderator, case=case)
    assert lifted["moderationCase"]["suspendedUntil"] is None
    assert await tries(shelter, ann) == [None] * 3
    names = await AuditEntry.filter(name__startswith="author.").values_list("name", flat=True)
    assert sorted(names) == ["author.suspended", "author.unsuspended"]


async def test_nobody_learns_that_two_suspended_authors_are_one(shelter, moderator):
    """Neither from answers nor from the rows: named words would lead to anonymous ones."""
    ann, ben = await a_member(shelter), await a_member(shelter)
    cases = [
        await a_case(await vented(shelter, by, anonymous=anonymous))
        for by, anonymous in ((ann, False), (ann, True), (ben, True))
    ]
    answers = [await suspended(case, moderator, days=n) for n, case in enumerate(cases, start=5)]

    assert [one["moderationCase"]["suspendedUntil"] for one in answers] == [
        day(n).isoformat() for n in (5, 6, 7)
    ]
    rows = await Suspension.all()
    assert len({row.mark for row in rows}) == 3
    await send("LiftSuspension", by=moderator, case=cases[0])
    assert await suspensions.of_viewer([shelter], viewer=ann) == [day(6)]


async def test_no_row_no_event_and_no_entry_names_an_anonymous_author(shelter, moderator):
    ann = await a_member(shelter)
    vent = await vented(shelter, ann)
    await suspended(await a_case(vent), moderator)
    event, entry = [await model.get(name="author.suspended") for model in (Event, AuditEntry)]
    assert (event.payload["author"], event.payload["author_handle"]) == (None, vent.handle)
    assert (entry.by_id, entry.about_id, entry.facts["reason"]) == (
        moderator.id,
        vent.id,
        "INSULT",
    )
    for row in (event, entry, await Suspension.get()):
        assert str(ann.id) not in str(dict(row))


async def test_a_suspension_outlives_the_key_it_was_made_with(
    shelter, moderator, tmp_path, set_limits
):
    set_limits(keys=str(tmp_path / "keys.json"))
    ann = await a_member(shelter)
    await suspended(await a_case(await vented(shelter, ann)), moderator)
    keys.rotate("handle")
    assert await suspensions.of_viewer([shelter], viewer=ann) == [day(7)]


@pytest.mark.parametrize("days", [-1, 0, 91])
async def test_it_lasts_from_one_to_ninety_days(shelter, moderator, days):
    case = await a_case(await vented(shelter, await a_member(shelter)))
    assert (await suspended(case, moderator, days=days))["code"] == "BAD_SUSPENSION"
    assert not await Suspension.exists()


async def test_whose_seal_is_destroyed_cannot_be_suspended(shelter, moderator):
    case = await a_case(await vented(shelter, await a_member(shelter)))
    with clock.set_to(clock.now() + timedelta(days=180)):
        assert (await suspended(case, moderator))["code"] == "SEAL_DESTROYED"
    assert not await Suspension.exists()


async def test_only_moderators_suspend(shelter):
    ann = await a_member(shelter)
    case = await a_case(await vented(shelter, ann))
    for grants in (Grants.NONE, Grants.HR, Grants.COUNSELLOR):
        other = await a_member(shelter, grants=grants)
        assert (await suspended(case, other))["code"] == "NOT_YOURS"
    assert not await Suspension.exists()


async def test_a_comment_suspends_its_author(shelter):
    ann = await a_member(shelter)
    post = await vented(shelter, await a_member(shelter))
    comment = await a_comment(post, by=ann, anonymous=True)
    await suspensions.suspend(
        comment, shelter, until=day(3), reason="SPAM", by=await a_person(grants=Grants.MODERATOR)
    )
    assert await suspensions.of_viewer([shelter], viewer=ann) == [day(3)]


@pytest.mark.committed
async def test_suspended_twice_at_once_is_suspended_once():
    shelter = await a_group(kind=GroupKind.SUPPORT)
    ann, *_ = await a_crowd(shelter)
    post = await a_post(shelter, by=ann, anonymous=True)
    by = await a_person(grants=Grants.MODERATOR)
    await asyncio.gather(
        *(suspensions.suspend(post, shelter, until=day(n), reason="SPAM", by=by) for n in (2, 3, 4))
    )
    assert await Suspension.all().count() == 1
    assert await AuditEntry.filter(name__startswith="author.").count() == 3
