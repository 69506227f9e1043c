from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import Refused
from core.personnel.employee_numbers import NotANumber
from core.rosters import shift_files
from core.rosters.shift_files import Entry
from core.rosters.shift_hours import NotATime, Span, UnknownCode
from core.sheets.cells import EmptyCell
from core.sheets.columns import MissingColumns
from core.sheets.dates import AmbiguousDates, DateOrder, NotADate
from core.sheets.tables import TooManyCells
from tests.core.makers import chosen

pytestmark = pytest.mark.once

DAY = date(2026, 11, 14)
NIGHT = Span(datetime(2026, 11, 14, 12, tzinfo=UTC), datetime(2026, 11, 14, 20, 30, tzinfo=UTC))


@pytest.fixture
def read(tmp_path: Path):
    def entries(*lines: str, written: str = "utf-8", **said) -> list[Entry]:
        path = tmp_path / "shifts.csv"
        path.write_bytes("\n".join(lines).encode(written))
        return [*shift_files.opened(path, **said).entries()]

    return entries


def faults(entries: list[Entry]) -> list[list[tuple[str, type]]]:
    return [[(fault.column, type(fault.refused)) for fault in entry.faults] for entry in entries]


@pytest.mark.parametrize(
    ("lines", "written"),
    [
        (("工号,日期,上班,下班", "A1,2026-11-14,20:00,次日04:30"), "utf-8-sig"),
        (("员工编号;排班日期;班次", "A1;2026/11/14;20:00-04:30"), "gb18030"),
        (("員工編號\t日期\t上班時間\t下班時間", "A1\t2026/11/14\t20:00\t翌日04:30"), "big5"),
        (("Employee no,Start,End", "A1,2026-11-14 20:00,2026-11-15 04:30"), "utf-16"),
        (("Emp ID|Date|From|To|Shift", "A1|14.11.2026|8 pm|4:30 am|Night"), "utf-8"),
    ],
)
def test_every_house_is_understood(read, lines, written):
    [entry] = read(*lines, written=written)
    assert (entry.faults, entry.number, entry.day, entry.span) == ([], "A1", DAY, NIGHT)


def test_codes_are_what_the_operator_says(read):
    codes = '{"夜": "20:00-04:30"}'
    with chosen(shift_codes=codes):
        night, rest, unknown = read("工号,日期,班次", *(f"A1,2026-11-14,{c}" for c in "夜休早"))
    assert (night.span, rest.span, rest.is_free) == (NIGHT, None, True)
    assert faults([unknown]) == [[("班次", UnknownCode)]]


def test_rest_may_stand_where_a_time_would(read):
    [entry] = read("工号,日期,上班,下班", "A1,2026-11-14,年假,")
    assert (entry.is_free, entry.number, entry.day) == (True, "A1", DAY)


def test_another_time_zone_can_be_said(read):
    lines = ("工号,日期,上班,下班", "A1,2026-11-14,13:00,21:30")
    [entry] = read(*lines, time_zone="Europe/Berlin")
    assert entry.span == NIGHT
    [entry] = read(*lines)
    assert entry.span == Span(*(at.replace(tzinfo=UTC) for at in (_at(5), _at(13, 30))))


def _at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, 14, hour, minute)  # noqa: DTZ001  # the caller says which zone


def test_each_fault_names_its_column(read):
    header = "工号,日期,上班,下班"
    rows = ["A 1,2026-11-31,20:00,22:00", ",2026-11-14,,", "A1,2026-11-14,8:77,9:00", "A1,,1,2,3"]
    assert faults(read(header, *rows)) == [
        [("工号", NotANumber), ("日期", NotADate)],
        [("工号", EmptyCell), ("上班", EmptyCell)],
        [("上班", NotATime)],
        [("", TooManyCells)],
    ]


def test_the_order_of_dates_is_found_out_or_asked_for(read):
    header = "Emp no,Date,Shift"
    [_, entry] = read(header, "A1,13/11/2026,off", "A1,04/11/2026,off")
    assert entry.day == date(2026, 11, 4)
    with pytest.raises(AmbiguousDates):
        read(header, "A1,04/11/2026,off")
    [entry] = read(header, "A1,04/11/2026,off", date_order=DateOrder.MONTH_FIRST)
    assert entry.day == date(2026, 4, 11)


@pytest.mark.parametrize("header", ["日期,上班,下班", "工号,日期", "工号,下班", "工号,日期,上班"])
def test_a_file_that_cannot_tell_is_refused(read, header):
    with pytest.raises(MissingColumns):
        read(header, "1,2,3")


def test_the_zone_is_that_of_the_organisation(tmp_path):
    path = tmp_path / "shifts.csv"
    path.write_text("工号,日期,上班,下班\n")
    assert shift_files.opened(path).zone == ZoneInfo("Asia/Shanghai")


CELLS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(["A1", "2026-11-14", "20:00", "次日04:30", "休", "28:30", "+1", "1-2", ""]),
)


@given(st.lists(st.lists(CELLS, min_size=1, max_size=7), max_size=8))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_no_rows_whatever_are_more_than_rejected(read, rows):
    quoted = (",".join(f'"{cell.replace(chr(34), "")}"' for cell in row) for row in rows)
    try:
        entries = read("工号,日期,上班,下班,班次", *quoted, written="utf-16")
    except (Refused, UnicodeEncodeError):
        return
    assert all(entry.faults or (entry.number and entry.day) for entry in entries)
