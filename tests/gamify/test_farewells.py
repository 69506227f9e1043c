"""What leavers leave behind stays for 60 days and then lapses."""

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest

from core import clock
from core.people import Person
from gamify import farewells, holds, payments, points, rules, spending
from gamify.farewells import Farewell
from gamify.ledger import Cause, Transfer
from gamify.points import Balance
from gamify.reasons import Reason
from tests.gamify.makers import an_event, findings, give
from tests.makers import a_person

LEFT = date(2026, 6, 1)
ORDER, HANDED_OVER = Cause(reason=Reason.REDEEMED), Cause(reason=Reason.SETTLED)


def noon(day: date):
    return clock.set_to(datetime(day.year, day.month, day.day, 4, tzinfo=UTC))


async def a_leaver(*, points: int = 30, **given) -> Person:
    ann = await a_person(left_on=LEFT, **given)
    await give(ann.id, points, year=2025)
    await give(ann.id, points, year=2026)
    with noon(LEFT):
        await farewells.begin(await an_event("person.left", person=ann.id))
    return ann


async def close(day: date) -> None:
    with noon(day):
        await farewells.close_due()


async def test_after_60_days_everything_available_lapses_in_one_line():
    ann = await a_leaver()
    assert farewells.open_until(ann) == LEFT + timedelta(days=60)

    await close(LEFT + timedelta(days=59))
    assert await points.balances([ann.id]) == [Balance(ann.id, available=60)]
    await close(LEFT + timedelta(days=60))
    await close(LEFT + timedelta(days=61))

    assert await points.balances([ann.id]) == [Balance(ann.id)]
    assert (await Transfer.get(reason=Reason.LEFT_BEHIND)).points == -60
    assert not await Farewell.exists()
    assert await findings() == []


async def test_what_was_redeemed_for_them_in_time_is_spent():
    ann = await a_leaver()
    with noon(LEFT + timedelta(days=30)):
        order = await spending.reserve("order:1", 40, ORDER, person_id=ann.id)
        await spending.settle(order, HANDED_OVER)

    await close(LEFT + timedelta(days=60))

    assert (await Transfer.get(reason=Reason.LEFT_BEHIND)).points == -20


async def test_what_is_ordered_or_pending_is_waited_for():
    ann = await a_leaver()
    order = await spending.reserve("order:1", 60, ORDER, person_id=ann.id)
    await close(LEFT + timedelta(days=60))
    assert await Farewell.exists()

    await spending.refund(order, ORDER)
    await close(LEFT + timedelta(days=61))
    await close(LEFT + timedelta(days=62))

    assert await points.balances([ann.id]) == [Balance(ann.id)]
    assert not await Farewell.exists()


async def test_thanks_that_come_late_lapse_too():
    await rules.ship()
    ann = await a_leaver(points=1)
    late = LEFT + timedelta(days=59)
    with noon(late):
        await payments.pay(await an_event(answerer=ann.id))
    await close(late + timedelta(days=1))
    with noon(late + timedelta(days=4)):
        await holds.release_due()
    await close(late + timedelta(days=4))

    assert await points.balances([ann.id]) == [Balance(ann.id)]
    assert await findings() == []


async def test_who_stays_after_all_keeps_everything():
    ann = await a_leaver()
    await Person.filter(id=ann.id).update(left_on=None)

    await close(LEFT + timedelta(days=60))

    assert await points.balances([ann.id]) == [Balance(ann.id, available=60)]
    assert not await Farewell.exists()


async def test_a_later_date_is_waited_for():
    ann = await a_leaver()
    await Person.filter(id=ann.id).update(left_on=LEFT + timedelta(days=10))

    await close(LEFT + timedelta(days=60))
    assert await points.balances([ann.id]) == [Balance(ann.id, available=60)]
    await close(LEFT + timedelta(days=70))
    assert await points.balances([ann.id]) == [Balance(ann.id)]


@pytest.mark.committed
async def test_many_processes_close_accounts_once():
    ann = await a_leaver()

    with noon(LEFT + timedelta(days=60)):
        await asyncio.gather(*(farewells.close_due() for _ in range(8)))

    assert await points.balances([ann.id]) == [Balance(ann.id)]
    assert await Transfer.filter(reason=Reason.LEFT_BEHIND).count() == 1
    assert await findings() == []
