"""Earning: what is confirmed often enough wins a badge, once and for good."""

import asyncio
from datetime import UTC, datetime, timedelta
from itertools import permutations
from random import Random
from uuid import uuid4

import pytest

from core import clock, events
from core.people import Grants
from gamify.badges import earning, tallies
from gamify.badges.awards import Award
from gamify.badges.criteria import Level, Tally
from gamify.badges.deeds import Deed, DeedKind
from tests.gamify.badges.makers import a_badge, a_deed, deeds, deliver, shown, taken_back
from tests.gamify.makers import an_event
from tests.honours import DRAFT
from tests.makers import a_key, a_person, node, send


async def test_thanked_ten_times_by_five_colleagues_wins_the_silver_badge_that_hr_made():
    hr, ben = await a_person(grants=Grants.HR), await a_person()
    await send("SaveBadge", by=hr, draft=DRAFT, key=a_key())

    await deeds(ben, 9)
    await deliver()
    assert await shown(ben) == []

    await deeds(ben, 1)
    await deliver()
    assert await shown(ben) == [("Neighbour", "SILVER")]
    notices = await send("Notices", by=ben)
    [told] = [edge["node"] for edge in notices["notices"]["edges"]]
    assert (told["kind"], told["text"]) == ("BADGE", "You won a badge.")
    assert told["subjectId"] == f"award_{(await Award.get()).id.hex}"


async def test_ten_thanks_of_four_colleagues_are_not_enough():
    ben = await a_person()
    await a_badge()
    await deeds(ben, 12, people=4)
    await deliver()
    assert not await Award.exists()


async def test_every_level_that_is_reached_is_won_and_the_highest_is_shown():
    ben = await a_person()
    await a_badge({Level.BRONZE: Tally(1), Level.SILVER: Tally(2), Level.GOLD: Tally(3)})
    await deeds(ben, 2)
    await deliver()
    assert {award.level for award in await Award.all()} == {Level.BRONZE, Level.SILVER}
    assert await shown(ben) == [("Neighbour", "SILVER")]


async def test_days_and_weeks_are_counted_once_each():
    ben = await a_person()
    wednesday = datetime(2026, 11, 18, 4, tzinfo=UTC)
    with clock.set_to(wednesday - timedelta(days=30)):
        await a_badge({Level.BRONZE: Tally(days=3), Level.SILVER: Tally(days=3, weeks=3)})
    for days in (21, 21, 20, 14):
        await a_deed(ben, at=wednesday - timedelta(days=days))
    await deliver()
    assert {award.level for award in await Award.all()} == {Level.BRONZE}
    await a_deed(ben, at=wednesday - timedelta(days=7))
    await deliver()
    assert {award.level for award in await Award.all()} == {Level.BRONZE, Level.SILVER}


async def test_only_the_kinds_of_deeds_that_are_asked_for_count():
    ben = await a_person()
    await a_badge({Level.GOLD: Tally(2)}, deeds=[DeedKind.ANSWER_ADOPTED])
    await deeds(ben, 3)
    await a_deed(ben, name="answer.adopted")
    await deliver()
    assert not await Award.exists()
    await a_deed(ben, name="answer.adopted")
    await deliver()
    assert await shown(ben) == [("Neighbour", "GOLD")]


async def test_only_the_tag_that_is_asked_for_counts_and_what_was_merged_into_it():
    ben, refund, other = await a_person(), uuid4(), uuid4()
    await a_badge({Level.GOLD: Tally(2)}, tag_id=refund)
    await a_deed(ben, tags=f"{refund.hex} {other.hex}")
    await a_deed(ben, tags=other.hex)
    await deliver()
    assert not await Award.exists()

    await events.record("tag.merged", tag=other, into=refund)
    await a_deed(ben)
    await deliver()
    assert await shown(ben) == [("Neighbour", "GOLD")]


async def test_a_badge_follows_its_tag_into_another():
    ben, refund, money = await a_person(), uuid4(), uuid4()
    badge = await a_badge({Level.GOLD: Tally(1)}, tag_id=refund)

    await events.record("tag.merged", tag=refund, into=money)
    await a_deed(ben, tags=money.hex)
    await deliver()
    await badge.refresh_from_db()
    assert badge.tag_id == money
    assert await Award.all().count() == 1


async def test_what_is_told_twice_counts_once():
    ben = await a_person()
    await a_badge({Level.GOLD: Tally(2)})
    deed = await a_deed(ben)
    await deliver([deed, deed])
    assert await Deed.all().count() == 1
    assert not await Award.exists()


@pytest.mark.parametrize(
    "told",
    [{"answerer": None}, {"asker": None}, {"group_kind": "SUPPORT"}],
    ids=["nobody did it", "nobody confirmed it", "a support group"],
)
async def test_what_names_nobody_is_no_deed_and_nothing_in_a_support_group_is(told):

    await a_badge({Level.GOLD: Tally(1)})
    await an_event(**told)
    await deliver()
    assert not await Deed.exists()
    assert not await Award.exists()


async def test_what_is_done_for_oneself_is_no_deed():
    ben = await a_person()
    await a_badge({Level.GOLD: Tally(1)})
    await a_deed(ben, by=ben.id)
    await deliver()
    assert not await Deed.exists()


@pytest.mark.parametrize("order", [*permutations(range(3))])
async def test_thanks_taken_back_do_not_count_in_whatever_order_it_is_told(order):
    ben = await a_person()
    await a_badge({Level.GOLD: Tally(2)})
    first, second = await deeds(ben, 2)
    told = [first, second, await taken_back(first)]
    await deliver([told[n] for n in order])
    assert await Deed.filter(is_taken_back=False).count() == 1
    assert not await Award.exists()


async def test_a_badge_goes_if_thanks_are_taken_back_within_72_hours_and_its_notice_with_it():
    ben = await a_person()
    await a_badge({Level.GOLD: Tally(2)})
    first, _ = await deeds(ben, 2)
    await deliver()
    assert await shown(ben) == [("Neighbour", "GOLD")]

    await taken_back(first, at=clock.now())
    await deliver()
    assert await shown(ben) == []
    assert not await Award.exists()
    assert (await send("Notices", by=ben))["notices"]["edges"] == []


async def test_a_badge_stays_if_thanks_are_taken_back_later():
    ben = await a_person()
    await a_badge({Level.GOLD: Tally(2)})
    first, _ = await deeds(ben, 2)
    await deliver()
    with clock.set_to(clock.now() + timedelta(hours=73)):
        await taken_back(first)
        await deliver()
    assert await shown(ben) == [("Neighbour", "GOLD")]


async def test_whoever_is_thanked_again_wins_again_what_went():
    ben = await a_person()
    await a_badge({Level.GOLD: Tally(2)})
    first, _ = await deeds(ben, 2)
    await deliver()
    await taken_back(first)
    await deliver()
    await a_deed(ben)
    await deliver()
    assert await shown(ben) == [("Neighbour", "GOLD")]


async def test_what_is_switched_off_is_won_no_more_and_stays_with_those_who_have_it():
    ann, ben = await a_person(), await a_person()
    badge = await a_badge({Level.GOLD: Tally(1)})
    await a_deed(ann)
    await deliver()
    await badge.filter(id=badge.id).update(is_active=False)
    await a_deed(ben)
    await deliver()
    assert await shown(ann) == [("Neighbour", "GOLD")]
    assert await shown(ben) == []


async def test_what_was_won_stays_won_when_a_badge_becomes_harder():
    ben, hr = await a_person(), await a_person(grants=Grants.HR)
    badge = await a_badge({Level.GOLD: Tally(1)})
    await a_deed(ben)
    await deliver()
    await send("SaveBadge", by=hr, badge=node("badge", badge), draft=DRAFT, key=a_key())
    await a_deed(ben)
    await deliver()
    assert await shown(ben) == [("Neighbour", "GOLD")]


async def test_tallies_are_what_one_counts_by_hand():
    rng = Random(5)  # noqa: S311  # no secret
    now = clock.now()
    people, tags = [await a_person() for _ in range(4)], [uuid4(), uuid4()]
    with clock.set_to(now - timedelta(days=20)):
        all_, one_tag = await a_badge(), await a_badge(tag_id=tags[0])
    told = []
    for _ in range(60):
        at = now - timedelta(hours=rng.randrange(24 * 15))
        tagged = " ".join(tag.hex for tag in tags if rng.random() < 0.5)
        by = rng.choice(people)
        told.append(await a_deed(rng.choice(people), by=by.id, at=at, tags=tagged))
    undone = {deed.id for deed in told if rng.random() < 0.2}
    told += [await taken_back(deed) for deed in told if deed.id in undone]
    rng.shuffle(told)
    await deliver(told)

    counted = await tallies.of([all_, one_tag], [person.id for person in people])
    kept = [e for e in told if e.name == "answer.accepted" and e.id not in undone]
    for badge, found in zip((all_, one_tag), counted, strict=True):
        for person in people:
            theirs = [
                e
                for e in kept
                if e.payload["answerer"] == str(person.id) != str(e.actor_id)
                and (badge is all_ or tags[0].hex in e.payload["tags"])
            ]
            days = {clock.business_date(e.due_at) for e in theirs}
            assert found.get(person.id, Tally()) == (
                len(theirs),
                len({e.actor_id for e in theirs}),
                len(days),
                len({day.isocalendar()[:2] for day in days}),
            )
    assert await tallies.of_all(all_) == counted[0]


@pytest.mark.committed
@pytest.mark.only("postgres")
async def test_deeds_told_at_once_win_each_level_once():
    ben = await a_person()
    await a_badge({Level.BRONZE: Tally(3), Level.SILVER: Tally(10)})
    told = await deeds(ben, 10)
    await asyncio.gather(*(earning.count(event) for event in told for _ in range(2)))
    assert {award.level for award in await Award.all()} == {Level.BRONZE, Level.SILVER}
    assert await Award.all().count() == 2


@pytest.mark.committed
@pytest.mark.only("postgres")
async def test_thanks_taken_back_while_others_come_leave_what_the_deeds_come_to():
    ben = await a_person()
    await a_badge({Level.GOLD: Tally(5)})
    old, new = await deeds(ben, 5), await deeds(ben, 3)
    await deliver(old)
    undone = [await taken_back(event) for event in old[:3]]
    await asyncio.gather(
        *(earning.count(event) for pair in zip(undone, new, strict=True) for event in pair)
    )
    assert await Deed.filter(is_taken_back=False).count() == 5
    assert await Award.all().count() == 1
