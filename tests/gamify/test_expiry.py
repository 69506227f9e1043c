"""Points of a year end on one date of the next, never unannounced; pauses make it wait."""

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest

from core import clock, pauses
from core.messaging import notices
from core.messaging.notice_kinds import NoticeKind
from core.pages import Page
from core.people import Person
from gamify import earn_years, expiry, points, spending
from gamify.expiry import Expiry
from gamify.ledger import Cause, Transfer
from gamify.points import Balance
from gamify.reasons import Reason
from tests.gamify.makers import findings, give
from tests.makers import a_person

LAST = date(2026, 3, 31)
ORDER, BACK = Cause(reason=Reason.REDEEMED), Cause(reason=Reason.REFUNDED)


def noon(day: date):
    return clock.set_to(datetime(day.year, day.month, day.day, 4, tzinfo=UTC))


async def a_day(day: date) -> None:
    with noon(day):
        while await expiry.plan_due() + await expiry.advance_due():
            pass


async def days(first: date, last: date) -> None:
    for n in range((last - first).days + 1):
        await a_day(first + timedelta(days=n))


async def told(person: Person) -> int:
    [listed] = await notices.of([person.id], page=Page())
    return sum(
        len(notice.content.sources) for notice in listed.rows if notice.kind is NoticeKind.EXPIRY
    )


async def available(person: Person) -> int:
    [has] = await points.balances([person.id])
    return has.available


async def with_points(n: int = 30, *, year: int = 2025) -> Person:
    ann = await a_person()
    with noon(date(year, 6, 1)):
        await give(ann.id, n, year=year)
    return ann


async def test_points_of_a_year_expire_after_the_last_day_announced_at_30_and_7_days():
    ann = await with_points()
    await give(ann.id, 5, year=2026)
    await a_day(LAST - timedelta(days=31))
    assert await told(ann) == 0

    await a_day(LAST - timedelta(days=30))
    assert await told(ann) == 1
    await a_day(LAST - timedelta(days=8))
    assert await told(ann) == 1
    await a_day(LAST - timedelta(days=7))
    assert await told(ann) == 2
    await a_day(LAST)
    assert await available(ann) == 35

    await a_day(LAST + timedelta(days=1))
    assert await available(ann) == 5
    line = await Transfer.get(reason=Reason.EXPIRED)
    assert (line.points, line.person_id, line.business_date) == (-30, ann.id, date(2026, 4, 1))
    assert not await Expiry.exists()
    assert await findings() == []


async def test_what_was_spent_before_does_not_expire():
    ann = await with_points()
    await days(date(2026, 3, 1), date(2026, 3, 25))
    await spending.reserve("order:1", 20, ORDER, person_id=ann.id)

    await days(date(2026, 3, 26), date(2026, 4, 1))

    assert await points.balances([ann.id]) == [Balance(ann.id, reserved=20)]
    assert (await Transfer.get(reason=Reason.EXPIRED)).points == -10


async def test_what_comes_back_after_the_last_day_has_its_30_days_too():
    ann = await with_points()
    order = await spending.reserve("order:1", 20, ORDER, person_id=ann.id)
    await days(date(2026, 3, 1), date(2026, 4, 1))
    with noon(date(2026, 5, 1)):
        await spending.refund(order, BACK)

    await days(date(2026, 5, 1), date(2026, 5, 31))
    assert await available(ann) == 20
    assert await told(ann) == 4
    await a_day(date(2026, 6, 1))
    assert await available(ann) == 0
    assert await findings() == []


async def test_nothing_expires_unannounced_even_if_nobody_looked_in_time():
    ann = await with_points()

    await a_day(date(2026, 7, 1))
    assert (await available(ann), await told(ann)) == (30, 1)
    await a_day(date(2026, 8, 20))
    assert (await available(ann), await told(ann)) == (30, 2)
    await a_day(date(2026, 8, 27))
    assert await available(ann) == 30
    await a_day(date(2026, 8, 28))
    assert await available(ann) == 0


async def test_a_pause_makes_it_wait_as_long_as_it_was_and_is_not_counted_twice():
    ann = await with_points()
    with noon(date(2026, 3, 20)):
        await pauses.pause(date(2026, 4, 20), by=ann)  # 31 days
    [last] = await earn_years.last_days([ann.id], 2025)
    assert last == date(2026, 5, 1)

    await days(date(2026, 3, 1), date(2026, 5, 1))
    assert (await available(ann), await told(ann)) == (30, 2)
    await a_day(date(2026, 5, 2))
    assert await available(ann) == 0


async def test_a_pause_that_begins_after_the_notice_still_counts():
    ann = await with_points()
    await a_day(LAST - timedelta(days=30))
    with noon(date(2026, 3, 30)):
        await pauses.pause(date(2026, 4, 9), by=ann)

    await days(date(2026, 3, 30), date(2026, 4, 10))
    assert await available(ann) == 30
    await a_day(date(2026, 4, 11))
    assert await available(ann) == 0


@pytest.mark.committed
async def test_many_processes_let_points_expire_once_while_they_are_spent():
    ann = await with_points()
    for day in (date(2026, 3, 1), date(2026, 3, 24)):
        await a_day(day)

    with noon(date(2026, 4, 1)):
        await asyncio.gather(
            *(expiry.advance_due() for _ in range(6)),
            *(spending.reserve(f"order:{n}", 7, ORDER, person_id=ann.id) for n in range(3)),
            return_exceptions=True,
        )

    assert await available(ann) == 0
    assert await Transfer.filter(reason=Reason.EXPIRED).count() <= 1
    assert await findings() == []


async def test_who_has_nothing_left_is_told_nothing():
    ann = await with_points()
    await spending.reserve("order:1", 30, ORDER, person_id=ann.id)

    await days(date(2026, 3, 1), date(2026, 4, 1))

    assert await told(ann) == 0
    assert not await Transfer.filter(reason=Reason.EXPIRED).exists()
