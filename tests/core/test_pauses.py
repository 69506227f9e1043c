import asyncio
from datetime import date, timedelta

import pytest

from core import clock, pauses
from core.pauses import Pause
from tests.makers import a_person, ask, send

DAY = timedelta(days=1)


def days_from_now(days: int) -> date:
    return clock.business_date() + days * DAY


async def rows() -> list[tuple[date, date]]:
    return await Pause.all().order_by("begins_on").values_list("begins_on", "ends_on")


async def test_one_is_away_until_the_day_one_is_back():
    ann, ben = await a_person(), await a_person()
    await pauses.pause(days_from_now(3), by=ann)

    away = [await pauses.paused([ann.id, ben.id], days_from_now(n)) for n in (-1, 0, 2, 3)]

    assert away == [[False, False], [True, False], [True, False], [False, False]]
    assert await pauses.until([ann.id, ben.id]) == [days_from_now(3), None]


async def test_a_pause_that_runs_is_changed_and_ended():
    ann = await a_person()
    await pauses.pause(days_from_now(3), by=ann)
    with clock.set_to(clock.now() + 2 * DAY):
        await pauses.pause(days_from_now(30), by=ann)
        assert await rows() == [(days_from_now(-2), days_from_now(30))]
    with clock.set_to(clock.now() + 5 * DAY):
        for _ in range(2):
            await pauses.resume(by=ann)
        assert await rows() == [(days_from_now(-5), days_from_now(0))]
        assert await pauses.until([ann.id]) == [None]


async def test_who_came_back_today_may_go_again_today():
    ann = await a_person()
    await pauses.pause(days_from_now(3), by=ann)
    await pauses.resume(by=ann)
    assert await pauses.paused([ann.id], days_from_now(0)) == [False]
    await pauses.pause(days_from_now(9), by=ann)
    assert await rows() == [(days_from_now(0), days_from_now(9))]


@pytest.mark.parametrize("days", [-1, 0, 367])
async def test_a_pause_begins_today_and_ends_within_a_year(days):
    answer = await send("Pause", by=await a_person(), until=days_from_now(days).isoformat())
    assert (answer["code"], answer["kind"]) == ("NO_PAUSE_UNTIL_THEN", "INVALID")
    assert not await Pause.exists()


async def test_the_days_of_a_period_on_which_one_was_away_are_counted():
    ann, ben = await a_person(), await a_person()
    for begins, ends in ((-40, -30), (-10, -8), (-1, 5)):
        await Pause.create(
            person_id=ann.id, begins_on=days_from_now(begins), ends_on=days_from_now(ends)
        )
    counted = [
        await pauses.days([ann.id, ben.id], days_from_now(since), days_from_now(before))
        for since, before in ((-35, 0), (-9, -8), (-8, -1), (-50, 50))
    ]
    assert counted == [[8, 0], [1, 0], [0, 0], [18, 0]]


async def test_one_sees_ones_own_pause_and_nobody_elses():
    ann, ben = await a_person(), await a_person()
    answer = await send("Pause", by=ann, until=days_from_now(3).isoformat())
    assert answer["viewer"] == {"pausedUntil": days_from_now(3).isoformat()}
    mine = "{ viewer { pausedUntil } }"
    assert (await ask(mine, by=ben))["data"]["viewer"] == {"pausedUntil": None}
    answer = await send("Resume", by=ann)
    assert answer["viewer"] == {"pausedUntil": None}


async def test_a_pause_long_over_is_forgotten():
    ann = await a_person()
    for ends in (-801, -800):
        await Pause.create(
            person_id=ann.id, begins_on=days_from_now(ends - 7), ends_on=days_from_now(ends)
        )
    await pauses.forget()
    assert await rows() == [(days_from_now(-807), days_from_now(-800))]


@pytest.mark.committed
async def test_pausing_and_resuming_at_once_leaves_one_pause():
    ann = await a_person()
    untils = [days_from_now(n) for n in range(1, 11)]
    await asyncio.gather(
        *(pauses.pause(until, by=ann) for until in untils),
        *(pauses.resume(by=ann) for _ in range(3)),
    )
    [(begins_on, ends_on)] = await rows()
    assert begins_on == days_from_now(0)
    assert ends_on in {days_from_now(0), *untils}
