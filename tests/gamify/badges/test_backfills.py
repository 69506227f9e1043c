"""Backfills and previews: a badge counts what was done before it was made, too."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from core import clock
from core.people import Grants
from gamify.badges import backfills
from gamify.badges.awards import Award
from gamify.badges.badges import Badge, BadgeKind
from gamify.badges.criteria import Level, Tally
from tests.gamify.badges.makers import a_badge, deeds, deliver, shown
from tests.honours import DRAFT
from tests.makers import a_person, ask, node, operation, send

LEVELS = {Level.BRONZE: Tally(1), Level.SILVER: Tally(2), Level.GOLD: Tally(3)}
ASKED = [{"level": level, "times": needed.times} for level, needed in LEVELS.items()]


async def some_deeds(*times: int, days: int = 9) -> list[Any]:
    """People who each did something so many times, days ago."""
    with clock.set_to(clock.now() - timedelta(days=days)):
        people = [await a_person() for _ in times]
        for person, n in zip(people, times, strict=True):
            await deeds(person, n)
    await deliver()
    return people


async def preview(**given: Any) -> Any:
    hr = await a_person(grants=Grants.HR)
    return await send("PreviewBadge", by=hr, draft=DRAFT | {"levels": ASKED} | given)


async def test_a_new_badge_counts_from_its_day_on():
    [ben] = await some_deeds(2)
    await a_badge({Level.GOLD: Tally(2)})
    await deeds(ben, 1)
    await deliver()
    assert await shown(ben) == []


async def test_a_backfill_awards_whoever_has_won_it_by_what_was_done_before():
    ann, ben, cid = await some_deeds(1, 2, 3)
    badge = await a_badge({Level.SILVER: Tally(2), Level.GOLD: Tally(3)})
    hr = await a_person(grants=Grants.HR)
    data = await send("BackfillBadge", by=hr, badge=node("badge", badge))
    assert data["badge"]["countsFrom"] == "2000-01-01"
    for _ in range(2):
        await backfills.go_on()
    await deliver()
    assert [await shown(person) for person in (ann, ben, cid)] == [
        [],
        [("Neighbour", "SILVER")],
        [("Neighbour", "GOLD")],
    ]
    assert (await Badge.get()).is_backfilling is False
    assert len((await send("Notices", by=ben))["notices"]["edges"]) == 1


async def test_a_backfill_goes_on_until_nothing_is_owed(monkeypatch):
    await some_deeds(2, 2, 2, 2, 2)
    badge = await a_badge({Level.GOLD: Tally(2)})
    await Badge.filter(id=badge.id).update(is_backfilling=True, counts_from="2000-01-01")
    monkeypatch.setattr(backfills, "AT_ONCE", 2)
    found = []
    while (await Badge.get()).is_backfilling:
        await backfills.go_on()
        found.append(await Award.all().count())
    assert found == [2, 4, 5]


@pytest.mark.parametrize("won", [BadgeKind.GIVEN, BadgeKind.UNSEEN])
async def test_what_is_not_earned_in_the_open_is_neither_backfilled_nor_previewed(won):
    badge = await a_badge({Level.GOLD: Tally(2)}, kind=won, monthly_gifts=1)
    hr = await a_person(grants=Grants.HR)
    data = await send("BackfillBadge", by=hr, badge=node("badge", badge))
    assert data["code"] == "NOTHING_TO_COUNT"
    assert (await Badge.get()).is_backfilling is False
    asked = DRAFT | {"kind": won, "monthlyGifts": 1, "levels": [{"level": "GOLD", "times": 2}]}
    document, name = operation("PreviewBadge")
    answer = await ask(document, by=hr, name=name, draft=asked)
    assert answer["errors"][0]["extensions"]["code"] == "NOTHING_TO_COUNT"


async def test_a_preview_says_who_would_win_which_level_and_stores_nothing():
    people = await some_deeds(*[1] * 6, *[3] * 5)
    told = await preview()
    assert [(one["level"], one["count"]) for one in told] == [
        ("BRONZE", 6),
        ("SILVER", None),
        ("GOLD", 5),
    ]
    best = {node("person", person) for person in people[6:]}
    assert {person["id"] for person in told[2]["sample"]} == best
    assert len(told[0]["sample"]) == 5
    assert not await Badge.exists()
    assert not await Award.exists()


async def test_of_fewer_than_five_neither_number_nor_names_are_told():
    await some_deeds(1, 1, 1, 1)
    for one in await preview():
        assert (one["count"], one["sample"]) == (None, [])


async def test_who_has_left_wins_nothing_more():
    people = await some_deeds(*[1] * 5)
    people[0].left_on = clock.business_date()
    await people[0].save()
    assert (await preview())[0]["count"] is None


async def test_a_preview_is_what_a_backfill_then_awards():
    people = await some_deeds(*[1] * 5, *[2] * 6, *[3] * 7)
    told = {one["level"]: one["count"] for one in await preview()}
    badge = await a_badge(LEVELS)
    hr = await a_person(grants=Grants.HR)
    await send("BackfillBadge", by=hr, badge=node("badge", badge))
    await backfills.go_on()
    found = [(await shown(person))[0][1] for person in people]
    assert {level: found.count(level) for level in told} == told


@pytest.mark.committed
@pytest.mark.only("postgres")
async def test_processes_that_backfill_at_once_award_each_once():
    await some_deeds(*[2] * 6)
    badge = await a_badge({Level.GOLD: Tally(2)})
    await Badge.filter(id=badge.id).update(is_backfilling=True, counts_from="2000-01-01")
    await asyncio.gather(*(backfills.go_on() for _ in range(3)))
    assert await Award.all().count() == 6
