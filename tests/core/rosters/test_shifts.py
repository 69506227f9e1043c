from datetime import UTC, datetime, timedelta

import pytest
from tortoise.exceptions import IntegrityError

from core import clock
from core.rosters import shifts
from tests.makers import a_person, a_shift, send

NOW = datetime(2026, 11, 21, 16, 30, tzinfo=UTC)  # half past midnight in Shanghai
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


async def test_one_sees_ones_own_shifts_of_the_next_14_days():
    ann, ben = await a_person(), await a_person()
    await a_shift(ann, NOW - 9 * HOUR, NOW)
    await a_shift(ann, NOW - HOUR, NOW + HOUR)
    await a_shift(ann, NOW + 14 * DAY - HOUR, NOW + 14 * DAY + HOUR)
    await a_shift(ann, NOW + 14 * DAY, NOW + 14 * DAY + HOUR)
    await a_shift(ben, NOW - HOUR, NOW + HOUR)

    with clock.set_to(NOW):
        mine = await send("MyShifts", by=ann)

    assert mine["shifts"] == [
        {
            "beginsAt": "2026-11-21T15:30:00+00:00",
            "endsAt": "2026-11-21T17:30:00+00:00",
            "businessDate": "2026-11-21",
        },
        {
            "beginsAt": "2026-12-05T15:30:00+00:00",
            "endsAt": "2026-12-05T17:30:00+00:00",
            "businessDate": "2026-12-05",
        },
    ]


async def test_what_touches_a_period_is_found_up_to_its_edges():
    ann = await a_person()
    long = await a_shift(ann, NOW - 24 * HOUR, NOW)
    found = [
        [shift.id for shift in (await shifts.touching([ann.id], since, until))[ann.id]]
        for since, until in (
            (NOW - timedelta(microseconds=1), NOW + HOUR),
            (NOW, NOW + HOUR),
            (NOW - 30 * HOUR, NOW - 24 * HOUR),
            (NOW - 30 * HOUR, NOW - 24 * HOUR + timedelta(microseconds=1)),
        )
    ]
    assert found == [[long.id], [], [], [long.id]]


@pytest.mark.parametrize("hours", [0, -1])
async def test_no_shift_ends_before_it_began(hours):
    ann = await a_person()
    with pytest.raises(IntegrityError):
        await a_shift(ann, NOW, NOW + hours * HOUR)
