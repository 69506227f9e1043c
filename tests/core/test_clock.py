import asyncio
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from core import clock

EVE = datetime(2026, 12, 31, 16, 30, tzinfo=UTC)


def test_a_business_date_is_one_of_the_organisations_time_zone():
    assert clock.business_date(EVE) == date(2027, 1, 1)


async def test_a_set_clock_holds_for_the_block_and_the_tasks_it_starts():
    async def look() -> datetime:
        return clock.now()

    with clock.set_to(EVE):
        assert clock.now() == EVE
        assert await asyncio.create_task(look()) == EVE
        assert clock.business_date() == date(2027, 1, 1)
    assert clock.now() != EVE


def test_a_clock_set_in_another_time_zone_still_tells_utc():
    with clock.set_to(EVE.astimezone(ZoneInfo("Asia/Shanghai"))):
        assert (clock.now(), clock.now().tzinfo) == (EVE, UTC)
