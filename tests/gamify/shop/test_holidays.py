"""What waits is measured in days on which HR works, holidays and the weekends worked for them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import clock
from gamify.shop import holidays
from gamify.shop.holidays import DAY, Calendar, Holiday, TooManyDays
from gamify.shop.redemptions import APPROVED, READY
from tests.gamify.shop.makers import an_hr, an_order, stepped
from tests.makers import send

GOLDEN_WEEK = date(2026, 10, 1), date(2026, 10, 7), "国庆节"
SATURDAY = date(2026, 10, 10), date(2026, 10, 10), "国庆节调休"
REQUESTED_AT = datetime(2026, 9, 30, 4, tzinfo=UTC)  # the Wednesday before


async def inbox(hr, *, on, is_late=False):
    with clock.set_to(datetime(2026, 10, on, 4, tzinfo=UTC)):
        page = await send("OrderInbox", by=hr, filter={"isLate": is_late})
        waiting = await send("WaitingOrders", by=hr)
    told = [(edge["node"]["age"], edge["node"]["isLate"]) for edge in page["edges"]]
    return told, sum(one["lateCount"] for one in waiting)


async def test_a_holiday_ages_nothing_and_a_weekend_that_is_worked_does():
    hr = await an_hr()
    with clock.set_to(REQUESTED_AT):
        await an_order()
    await holidays.put(*GOLDEN_WEEK, is_worked=False, by=hr)
    assert await inbox(hr, on=7) == ([(0, False)], 0)
    assert await inbox(hr, on=9) == ([(2, False)], 0)
    assert await inbox(hr, on=12) == ([(3, False)], 0)
    await holidays.put(*SATURDAY, is_worked=True, by=hr)
    assert await inbox(hr, on=10) == ([(3, False)], 0)
    assert await inbox(hr, on=12) == ([(4, True)], 1)
    await send("RemoveHolidays", by=hr, since="2026-10-01", until="2026-10-07")
    assert await inbox(hr, on=6) == ([(4, True)], 1)


async def test_late_are_those_that_are_shown_as_late_and_nothing_that_is_ready():
    hr = await an_hr()
    for days in (0, 1, 2, 5, 6):
        with clock.set_to(REQUESTED_AT + timedelta(days=days)):
            await an_order()
            await stepped(await an_order(), APPROVED)
            await stepped(await an_order(), APPROVED, READY)
    for on in (5, 6, 7, 9, 13):
        every, late = await inbox(hr, on=on)
        shown, counted = await inbox(hr, on=on, is_late=True)
        assert shown == [one for one in every if one[1]]
        assert counted == late == len(shown)


async def test_days_are_put_within_limits():
    hr, day = await an_hr(), GOLDEN_WEEK[0]
    put = await holidays.put(*GOLDEN_WEEK, is_worked=False, by=hr)
    assert [one.day.day for one in put.holidays] == [1, 2, 3, 4, 5, 6, 7]
    for until in (day - DAY, day + 62 * DAY):
        with pytest.raises(TooManyDays):
            await holidays.put(day, until, "国庆节", is_worked=False, by=hr)
    assert await Holiday.all().count() == 7


@given(
    worked=st.dictionaries(st.integers(-40, 0), st.booleans()),
    service=st.integers(1, 10),
)
def test_the_last_late_day_is_the_last_whose_age_is_above_the_service_level(worked, service):
    today = date(2026, 10, 12)
    calendar = Calendar({today + n * DAY: works for n, works in worked.items()})
    last = calendar.before(today, service)
    assert calendar.age(last, today) > service
    assert calendar.age(last + DAY, today) <= service


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
async def test_a_day_that_nobody_can_count_from_is_refused(day):
    hr = await an_hr()
    with pytest.raises(AssertionError, match="Date must be from 1900-01-01 to 2199-12-31"):
        await send("Holidays", by=hr, since=day, until=day)
