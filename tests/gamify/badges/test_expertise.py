"""Expertise: the badge of an expert comes and goes with their standing in a tag."""

import asyncio
from datetime import timedelta
from itertools import permutations
from uuid import uuid4

import pytest

from api.composition import SUBSCRIBERS
from community.experts import Expert
from community.groups import GroupKind
from core import clock, events
from core.events import Event
from core.people import Grants
from gamify.badges import expertise, making
from gamify.badges.awards import Award
from gamify.badges.badges import Badge
from tests.expertise import endorsed
from tests.gamify.badges.makers import deliver, shown
from tests.makers import a_group, a_member, a_person, node, send


async def told(name, person, expert, tag, *, days):
    at = clock.now() - timedelta(days=days)
    payload = {"person": person.id, "expert": expert, "tag": tag}
    return await events.record(f"expert.{name}", due_at=at, **payload)


async def test_whoever_becomes_an_expert_wins_the_badge_and_loses_it_with_the_mark():
    await making.ship()
    group = await a_group(kind=GroupKind.KNOWLEDGE)
    ben, moderator = await a_member(group), await a_person(grants=Grants.MODERATOR)
    await endorsed(group, ben)
    expert = await Expert.get(person_id=ben.id)
    await send("ReviewExpert", by=moderator, expert=node("expert", expert), approve=True)
    await deliver()
    data = await send("BadgesOf", by=moderator, person=node("person", ben))
    [award] = [one for one in data["badges"] if one["badge"]["kind"] == "EXPERT"]
    assert (award["badge"]["name"], award["tag"]["name"]) == ("Expert", "refund")

    await send("RevokeExpert", by=moderator, expert=node("expert", expert), reason="No more")
    await deliver()
    assert ("Expert", None) not in await shown(ben)


async def test_experts_from_before_the_badge_win_it_by_a_backfill():
    group, hr = await a_group(kind=GroupKind.KNOWLEDGE), await a_person(grants=Grants.HR)
    ben, moderator = await a_member(group), await a_person(grants=Grants.MODERATOR)
    await endorsed(group, ben)
    expert = await Expert.get(person_id=ben.id)
    await send("ReviewExpert", by=moderator, expert=node("expert", expert), approve=True)
    await deliver()
    assert not await Award.exists()
    await making.ship()
    badge = node("badge", await Badge.get(kind="EXPERT"))

    for _ in range(2):
        assert "badge" in await send("BackfillBadge", by=hr, badge=badge)
        while await events.deliver(SUBSCRIBERS):
            pass

    award = await Award.get()
    assert await shown(ben) == [("Expert", None)]
    assert award.won_at == (await Expert.get(id=expert.id)).moved_at
    assert await Event.filter(name="badge.won").count() == 1


@pytest.mark.parametrize("order", [*permutations(range(3))])
async def test_what_happened_last_counts_in_whatever_order_it_is_told(order):
    await making.ship()
    ben, expert, tag = await a_person(), uuid4(), uuid4()
    story = [
        await told("expert", ben, expert, tag, days=9),
        await told("lapsed", ben, expert, tag, days=5),
        await told("expert", ben, expert, tag, days=1),
    ]
    await deliver([story[n] for n in order])
    assert await Award.filter(ended_at__isnull=True).count() == 1
    await deliver([await told("lapsed", ben, expert, tag, days=0), *story])
    assert await shown(ben) == []
    assert await Award.all().count() == 1


async def test_a_badge_that_hr_revoked_does_not_come_back():
    await making.ship()
    ben, expert, tag = await a_person(), uuid4(), uuid4()
    await deliver([await told("expert", ben, expert, tag, days=9)])
    hr, award = await a_person(grants=Grants.HR), await Award.get()
    await send("RevokeAward", by=hr, award=node("award", award), reason="A mistake")
    await deliver([await told("expert", ben, expert, tag, days=0)])
    assert await shown(ben) == []


@pytest.mark.committed
@pytest.mark.only("postgres")
async def test_a_mark_that_goes_while_its_tag_is_merged_waits_for_nobody_in_vain(statements):
    await making.ship()
    ben, expert, tag = await a_person(), uuid4(), uuid4()
    await expertise.follow(await told("expert", ben, expert, tag, days=9))
    lapsed = await told("lapsed", ben, expert, tag, days=1)
    merged = await events.record("tag.merged", tag=tag, into=(into := uuid4()))
    statements()
    await asyncio.gather(expertise.follow(lapsed), expertise.merge(merged))
    assert "ROLLBACK;" not in statements()
    award = await Award.get()
    assert (award.tag_id, award.ended_at) == (into, lapsed.due_at)
