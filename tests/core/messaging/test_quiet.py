import asyncio
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.messaging import quiet, quiet_hours
from core.messaging.quiet_hours import Hours, QuietHours
from core.rosters.shifts import Shift
from tests.core.makers import chosen
from tests.makers import a_person, a_shift, graphql, send

HOUR, STEP = timedelta(hours=1), timedelta(minutes=30)
BERLIN = ZoneInfo("Europe/Berlin")
SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(local: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime.fromisoformat(f"2026-{local}").replace(tzinfo=zone).astimezone(UTC)


def shift(begins: str, ends: str, zone: ZoneInfo = SHANGHAI) -> Shift:
    return Shift(id=uuid4(), begins_at=at(begins, zone), ends_at=at(ends, zone))


@pytest.mark.parametrize(
    ("moment", "until"),
    [
        ("11-21 21:59:59.999999", None),
        ("11-21 22:00", "11-22 08:00"),
        ("11-22 07:59:59.999999", "11-22 08:00"),
        ("11-22 08:00", None),
        ("11-22 12:00", None),
    ],
)
def test_without_shifts_it_is_quiet_from_22_to_8(moment, until):
    assert quiet.until([], at(moment)) == (until and at(until))


@pytest.mark.parametrize(
    ("moment", "until"),
    [
        ("11-21 12:59:59.999999", None),
        ("11-21 13:00", "11-21 20:30"),
        ("11-21 20:29:59.999999", "11-21 20:30"),
        ("11-21 20:30", None),
        ("11-21 22:00", "11-22 08:00"),
    ],
)
def test_it_is_quiet_on_shift_and_its_end_is_not(moment, until):
    assert quiet.until([shift("11-21 13:00", "11-21 20:30")], at(moment)) == (until and at(until))


@pytest.mark.parametrize(
    ("moment", "until"),
    [
        ("11-21 20:00", "11-22 04:30"),
        ("11-22 04:30", None),
        ("11-22 05:29:59.999999", None),
        ("11-22 05:30", "11-22 13:30"),
        ("11-22 08:00", "11-22 13:30"),
        ("11-22 13:30", None),
        ("11-22 22:00", "11-23 08:00"),
    ],
)
def test_after_a_night_shift_sleep_comes_by_day(moment, until):
    night = shift("11-21 20:00", "11-22 04:30")
    assert quiet.until([night], at(moment)) == (until and at(until))


@pytest.mark.parametrize(
    ("ends", "until"),
    [
        ("11-21 21:59", "11-22 08:00"),
        ("11-21 22:00", "11-22 07:00"),
        ("11-22 00:00", "11-22 09:00"),
        ("11-22 10:00", "11-22 19:00"),
        ("11-22 10:01", None),
    ],
)
def test_a_night_is_made_up_for_after_an_end_between_22_and_10(ends, until):
    worked = [shift("11-21 14:00", ends)]
    assert quiet.until(worked, at(ends) + HOUR) == (until and at(until))


def test_who_begins_early_sleeps_before_it():
    early = [shift("11-22 05:00", "11-22 09:00")]
    assert quiet.until(early, at("11-21 22:00")) == at("11-22 09:00")
    assert quiet.until(early, at("11-22 09:30")) is None
    assert quiet.until(early, at("11-22 10:00")) == at("11-22 18:00")


def test_a_late_end_shifts_the_whole_night():
    late = [shift("11-21 14:00", "11-21 22:30")]
    assert quiet.until(late, at("11-21 23:00")) is None
    assert quiet.until(late, at("11-21 23:30")) == at("11-22 07:30")
    assert quiet.until(late, at("11-22 07:45")) is None


def test_a_shift_that_begins_as_the_night_ends_is_one_quiet_with_it():
    day = [shift("11-22 08:00", "11-22 16:30")]
    assert quiet.until(day, at("11-21 23:00")) == at("11-22 16:30")


def test_split_shifts_have_a_pause_in_which_it_is_not_quiet():
    split = [shift("11-22 11:00", "11-22 14:00"), shift("11-22 17:00", "11-22 20:00")]
    assert quiet.until(split, at("11-22 13:00")) == at("11-22 14:00")
    assert quiet.until(split, at("11-22 15:00")) is None
    assert quiet.until(split, at("11-22 17:00")) == at("11-22 20:00")


def test_where_clocks_change_the_night_ends_at_8_and_sleep_lasts_as_long():
    with chosen(time_zone="Europe/Berlin"):
        assert quiet.until([], at("03-28 22:00", BERLIN)) == at("03-29 08:00", BERLIN)
        assert at("03-29 08:00", BERLIN) - at("03-28 22:00", BERLIN) == 9 * HOUR
        assert quiet.until([], at("10-24 22:00", BERLIN)) == at("10-25 08:00", BERLIN)
        assert at("10-25 08:00", BERLIN) - at("10-24 22:00", BERLIN) == 11 * HOUR
        night = [shift("03-28 18:00", "03-29 01:30", BERLIN)]  # an hour later it is 3:30
        assert quiet.until(night, at("03-29 03:00", BERLIN)) is None
        assert quiet.until(night, at("03-29 03:30", BERLIN)) == at("03-29 11:30", BERLIN)


async def test_many_people_are_asked_about_in_two_statements(statements):
    worker, sleeper, awake = [await a_person() for _ in range(3)]
    await a_shift(worker, at("11-22 09:00"), at("11-22 17:00"))
    await a_shift(awake, at("11-21 09:00"), at("11-21 17:00"))
    await a_shift(sleeper, at("11-21 21:00"), at("11-22 06:00"))
    statements()
    ids = [person.id for person in (worker, sleeper, awake, worker)]
    assert await quiet.quiet_until(ids, at("11-22 11:00")) == [
        at("11-22 17:00"),
        at("11-22 15:00"),
        None,
        at("11-22 17:00"),
    ]
    assert len(statements()) == 2


def slowly(shifts: Sequence[Shift], moment: datetime, zone: ZoneInfo) -> bool:
    """Whether it is quiet, word by word."""
    for one in shifts:
        if one.begins_at <= moment < one.ends_at:
            return True
        if made_up_for(one, zone) and HOUR <= moment - one.ends_at < 9 * HOUR:
            return True
    local = moment.astimezone(zone)
    if 8 <= local.hour < 22:
        return False
    evening = local.date() - timedelta(days=local.hour < 8)
    return not any(made_up_for(one, zone) == evening and one.begins_at <= moment for one in shifts)


def made_up_for(one: Shift, zone: ZoneInfo) -> date | None:
    """The evening of the night that was worked."""
    end = one.ends_at.astimezone(zone)
    if end.hour >= 22:
        return end.date()
    return end.date() - timedelta(days=1) if end.hour < 10 or end.hour == 10 > end.minute else None


@given(
    st.lists(st.tuples(st.integers(0, 24), st.integers(1, 48)), max_size=8),
    st.integers(0, 480),
    st.sampled_from(["03-27 12:00", "10-23 12:00", "07-01 00:00"]),
)
def test_it_is_as_quiet_as_a_slow_reference_says(rostered, steps, start):
    begins, shifts = at(start, BERLIN) - 24 * HOUR, []
    for pause, length in rostered:
        begins += pause * STEP
        shifts.append(Shift(begins_at=begins, ends_at=begins + length * STEP))
        begins += length * STEP
    moment = asked = at(start, BERLIN) + steps * STEP / 4
    while slowly(shifts, moment, BERLIN):
        moment += STEP / 4
    with chosen(time_zone="Europe/Berlin"):
        assert quiet.until(shifts, asked) == (moment if moment > asked else None)


@pytest.mark.parametrize(
    ("begins", "ends", "moment", "until"),
    [
        (23, 7, "11-21 22:30", None),
        (23, 7, "11-21 23:00", "11-22 07:00"),
        (23, 7, "11-22 07:00", None),
        (1, 9, "11-22 00:59", None),
        (1, 9, "11-22 01:00", "11-22 09:00"),
        (1, 9, "11-22 23:00", None),
        (9, 17, "11-22 09:00", "11-22 17:00"),
        (9, 17, "11-22 03:00", None),
        (13, 21, "11-22 13:00", "11-22 21:00"),
        (13, 21, "11-22 21:00", None),
        (20, 19, "11-22 18:59", "11-22 19:00"),
        (20, 19, "11-22 19:30", None),
    ],
)
def test_whoever_wants_other_hours_has_them(begins, ends, moment, until):
    hours = Hours(time(begins), time(ends))
    assert quiet.until([], at(moment), hours) == (until and at(until))


def test_of_a_night_that_was_worked_ones_own_hours_are_made_up_for_as_well():
    night, hours = shift("11-21 20:00", "11-22 04:30"), Hours(time(23), time(7))
    assert quiet.until([night], at("11-22 05:00"), hours) is None
    assert quiet.until([night], at("11-22 05:30"), hours) == at("11-22 13:30")
    assert quiet.until([night], at("11-22 23:00"), hours) == at("11-23 07:00")


async def test_one_chooses_ones_own_hours_and_nobody_elses_change():
    ann, ben = await a_person(), await a_person()
    query = "{ viewer { quietHours { begins ends } } }"
    usual = {"begins": "22:00", "ends": "08:00"}
    assert (await graphql(query, by=ann))["viewer"]["quietHours"] == usual
    for begins, ends in (("21:30", "06:00"), ("23:15", "07:45")):
        done = await send("ChooseQuietHours", by=ann, begins=begins, ends=ends)
        assert done["quietHours"] == {"begins": begins, "ends": ends}
    assert (await graphql(query, by=ben))["viewer"]["quietHours"] == usual
    moment = at("11-22 07:50")
    assert await quiet.quiet_until([ann.id, ben.id], moment) == [None, at("11-22 08:00")]

    refused = await send("ChooseQuietHours", by=ann, begins="22:00", ends="22:00")
    assert refused["code"] == "NO_QUIET_HOURS"
    [row] = await QuietHours.all()
    assert row.hours == Hours(time(23, 15), time(7, 45))


@pytest.mark.committed
@pytest.mark.only("postgres")
async def test_who_chooses_twice_at_once_has_one_of_both():
    ann = await a_person()
    chosen_hours = [(time(hour), time(7)) for hour in range(18, 24)]
    await asyncio.gather(*(quiet_hours.choose(*hours, by=ann) for hours in chosen_hours))
    assert (await QuietHours.get()).hours in chosen_hours
