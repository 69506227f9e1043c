from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.rosters import shift_hours
from core.rosters.shift_hours import EndsAsItBegins, LongShift, NotATime, Span, UnknownCode
from core.sheets.cells import EmptyCell

pytestmark = pytest.mark.once

DAY = date(2026, 11, 14)
SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
NIGHT = Span(datetime(2026, 11, 14, 12, tzinfo=UTC), datetime(2026, 11, 14, 20, 30, tzinfo=UTC))


@pytest.mark.parametrize(
    "begins", ["20:00", "20：00", "20:00:00", "2000", "20点", "下午8:00", "8 PM"]
)
@pytest.mark.parametrize(
    "ends",
    [
        "次日04:30",
        "4:30",
        "翌日4:30",
        "04:30(次日)",
        "04:30+1",
        "next day 04:30",
        "28:30",
        "4点30分",
    ],
)
def test_a_night_is_written_in_many_ways(begins, ends):
    assert shift_hours.span(DAY, begins, ends, SHANGHAI) == NIGHT


@pytest.mark.parametrize(
    ("begins", "ends", "hours"),
    [("00:00", "24:00", 24), ("12am", "12pm", 12), ("22:00", "00:00", 2), ("8:00", "次日8:00", 24)],
)
def test_midnight_and_noon_are_where_they_should(begins, ends, hours):
    span = shift_hours.span(DAY, begins, ends, SHANGHAI)
    assert span.ends_at - span.begins_at == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("begins", "ends", "refusal"),
    [
        ("", "16:30", EmptyCell),
        ("08:00", "", EmptyCell),
        ("08:60", "16:30", NotATime),
        ("08:00", "48:00", NotATime),
        ("08:00", "次日24:00", NotATime),
        ("早", "16:30", NotATime),
        ("08:00", "08:00", EndsAsItBegins),
        ("08:00", "次日08:01", LongShift),
    ],
)
def test_what_is_no_shift_is_refused(begins, ends, refusal):
    with pytest.raises(refusal):
        shift_hours.span(DAY, begins, ends, SHANGHAI)


@pytest.mark.parametrize(
    ("day", "utc"),
    [
        (date(2026, 3, 28), ("21:00", "05:00")),  # the night is an hour shorter, ...
        (date(2026, 10, 24), ("20:00", "06:00")),  # ... and longer
    ],
)
def test_a_shift_ends_by_the_clock_on_the_wall(day, utc):
    span = shift_hours.span(day, "22:00", "07:00", BERLIN)
    assert tuple(f"{moment:%H:%M}" for moment in span) == utc


@pytest.mark.parametrize("cell", ["20:00-04:30", "20:00~次日04:30", "20:00 – 28:30", "夜", "夜班"])
def test_a_code_stands_for_hours_and_hours_for_themselves(cell):
    codes = {"夜": "20:00-04:30", "夜班": "20:00至次日04:30"}
    assert shift_hours.coded(DAY, cell, codes, SHANGHAI) == NIGHT


@pytest.mark.parametrize("cell", ["早", "A-1", "08:00", "08:00-"])
def test_a_code_that_nobody_explained_is_refused(cell):
    with pytest.raises(UnknownCode):
        shift_hours.coded(DAY, cell, {"夜": "20:00-04:30"}, SHANGHAI)


@pytest.mark.parametrize("cell", ["休", "休 息", "年假", "OFF", "Day off", "-", "／"])
def test_rest_and_leave_are_free(cell):
    assert shift_hours.is_free(cell)


@pytest.mark.parametrize("cell", ["", "08:00", "夜", "official"])
def test_anything_else_is_not(cell):
    assert not shift_hours.is_free(cell)


@pytest.mark.parametrize(
    ("cell", "parts"),
    [
        ("2026-11-14 20:00", ("2026-11-14", "20:00")),
        ("2026年11月14日 20:00", ("2026年11月14日", "20:00")),
        ("14/11/2026T8:00", ("14/11/2026", "8:00")),
        ("20:00", ("", "20:00")),
        ("次日 04:30", ("", "次日 04:30")),
    ],
)
def test_a_date_may_stand_before_a_time(cell, parts):
    assert shift_hours.dated(cell) == parts
