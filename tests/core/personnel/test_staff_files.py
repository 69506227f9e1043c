import csv
import io
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from core.errors import Refused
from core.people import HireChannel
from core.personnel import staff_files
from core.personnel.employee_numbers import NotANumber
from core.personnel.staff_columns import Field
from core.personnel.staff_files import (
    Employee,
    LeftBeforeHired,
    RepeatedNumber,
    ReportingCircle,
)
from core.phones import NotAPhone
from core.sheets.cells import EmptyCell, FormulaCell, NeitherYesNorNo
from core.sheets.dates import AmbiguousDates, DateOrder, NotADate
from core.sheets.encodings import Encoding
from core.sheets.rejects import Reject

pytestmark = pytest.mark.once

HEADER = "工号,姓名,部门,班组,手机号码,入职日期,招聘渠道,离职日期,HR,主管,直属上级"
ANN = "A1,张伟,客服一部,早班A组,18481736050,2025-09-16,校园招聘,,是,,A2"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "staff.csv"


@pytest.fixture
def read(path: Path):
    def rows(*lines: str, written: str = "utf-8", **said) -> list[Employee | Reject]:
        path.write_bytes("\n".join(lines).encode(written))
        return [*map(uncelled, staff_files.opened(path, **said).rows())]

    return rows


def uncelled(row: Employee | Reject) -> Employee | Reject:
    return row._replace(cells=()) if isinstance(row, Employee) else row


def faults(*rows: Employee | Reject) -> list[list[tuple[str, type]]]:
    return [[(f.column, type(f.refused)) for f in row.faults] for row in rows]


def test_a_row_says_all_that_its_columns_hold(read):
    assert read(HEADER, ANN) == [
        Employee(
            row=2,
            number="A1",
            name="张伟",
            department="客服一部",
            team="早班A组",
            phone="+8618481736050",
            hired_on=date(2025, 9, 16),
            hire_channel=HireChannel.CAMPUS,
            left_on=None,
            hr=True,
            supervisor=False,
            manager="A2",
        )
    ]


def test_number_and_name_are_enough(read):
    assert read("Staff ID;Name", "7;Ann") == [Employee(row=2, number="7", name="Ann")]


@pytest.mark.parametrize("separator", [",", "\t", ";", "|"])
@pytest.mark.parametrize(
    ("encoding", "header", "name"),
    [
        ("utf-8", "工号,姓名,入职日期", "㛃𠮷𣲗"),
        ("utf-8-sig", "工号,姓名,入职日期", "㛃𠮷𣲗"),
        ("utf-16", "工号,姓名,入职日期", "㛃𠮷𣲗"),
        ("utf-16-be", "工号,姓名,入职日期", "㛃𠮷𣲗"),
        ("gb18030", "工号,姓名,入职日期", "㛃𠮷𣲗"),
        ("big5", "員工編號,姓名,到職日期", "陳志明"),
        ("cp1252", "Employee no,Name,Hire date", "René Müller"),
    ],
)
def test_every_house_is_understood(read, separator, encoding, header, name):
    lines = [header, f"007,{name},16.9.2025"]
    rows = read(*(line.replace(",", separator) for line in lines), written=encoding)
    assert rows == [Employee(row=2, number="007", name=name, hired_on=date(2025, 9, 16))]


def test_what_was_found_out_can_be_told(path):
    lines = [
        "花名册",
        "工号,姓名,身份证号,入职日期,渠道",
        "1,张伟,X,16/09/2025,劳务派遣",
        "",
        "2,李娜,Y,,",
    ]
    path.write_bytes("\n".join(lines).encode("gb18030"))
    file = staff_files.opened(path)
    assert (file.table.encoding, file.table.separator) == (Encoding.GB18030, ",")
    assert file.table.header.number == 2
    assert file.columns.ignored == ["身份证号"]
    assert file.date_orders == {Field.HIRED_ON: DateOrder.DAY_FIRST}
    assert file.survey.other_channels == {"劳务派遣": 1}
    assert file.survey.total == 2


def test_each_fault_names_its_column(read):
    wrong = "A 1,,客服,早班,12345,2026-02-30,校园招聘,,也许,,"
    assert faults(*read(HEADER, wrong)) == [
        [
            ("工号", NotANumber),
            ("姓名", EmptyCell),
            ("手机号码", NotAPhone),
            ("入职日期", NotADate),
            ("HR", NeitherYesNorNo),
        ]
    ]


def test_a_reject_keeps_its_row_and_its_cells(read):
    [reject] = read("工号,姓名", 'A1,"=HYPERLINK(""http://x"")"')
    assert (reject.row, reject.cells) == (2, ["A1", '=HYPERLINK("http://x")'])
    assert faults(reject) == [[("姓名", FormulaCell)]]


def test_nobody_leaves_before_being_hired(read):
    lines = ["A1,张伟,2025-01-02,2025-01-01", "A2,李娜,2025-01-02,2025-01-02"]
    early, same_day = read("工号,姓名,入职日期,离职日期", *lines)
    assert faults(early) == [[("离职日期", LeftBeforeHired)]]
    assert same_day.left_on == date(2025, 1, 2)


def test_nobody_reports_to_themselves(read):
    assert faults(*read("工号,姓名,上级", "A1,张伟,A1")) == [[("上级", ReportingCircle)]]


def test_a_circle_of_managers_is_rejected_and_those_below_it_are_not(read):
    lines = ["A1,张伟,A2", "A2,李娜,A3", "A3,王芳,A1", "A4,刘洋,A1", "A5,赵磊,"]
    *circle, below, top = read("工号,姓名,上级", *lines)
    assert faults(*circle) == [[("上级", ReportingCircle)]] * 3
    assert circle[0].faults[0].refused.facts == {"circle": "A1 → A2 → A3 → A1"}
    assert (below.manager, top.manager) == ("A1", None)


def test_a_number_that_several_rows_claim_is_nobodys(read):
    first, other, second = read("工号,姓名", "A1,张伟", "A2,李娜", "Ａ１,王芳")
    assert faults(first, second) == [[("工号", RepeatedNumber)]] * 2
    assert first.faults[0].refused.facts == {"number": "A1", "rows": "2, 4"}
    assert other.number == "A2"


def test_two_people_may_share_a_phone(read):
    ann, ben = read("工号,姓名,手机", "A1,张伟,13800138000", "A2,李娜,138 0013 8000")
    assert ann.phone == ben.phone == "+8613800138000"


def test_ambiguous_dates_are_asked_about(read):
    lines = ["工号,姓名,入职日期", "A1,张伟,04/01/2025"]
    with pytest.raises(AmbiguousDates):
        read(*lines)
    [row] = read(*lines, date_order=DateOrder.MONTH_FIRST)
    assert row.hired_on == date(2025, 4, 1)


def test_an_encoding_that_is_said_is_not_guessed(read):
    lines = ["Staff no;Name", "1;Zoë"]
    [guessed], [said] = read(*lines), read(*lines, encoding=Encoding.WINDOWS_1252)
    assert (guessed.name, said.name) == ("Zoë", "ZoÃ«")


CELLS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ['"', "\n", "=1", "是", "2025-02-30", "1/2/2025", "13/1/2025", "A1", "\x00", ""]
    ),
)
TABLES = st.lists(st.lists(CELLS, min_size=1, max_size=12), max_size=8)
CODECS = st.sampled_from(["utf-8", "utf-16", "gb18030", "big5", "cp1252", "utf-32"])


def survives(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    try:
        rows = [*staff_files.opened(path).rows()]
    except Refused:
        return
    for row in rows:
        assert isinstance(row, Employee) or row.faults


@given(st.binary(max_size=600))
@example(b"\xff\xfe\x00\xd8")
@example(HEADER.encode("gb18030") + b"\n\x80\x81\x82,\xff")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_no_bytes_whatever_are_more_than_refused(path, content):
    survives(path, content)


@given(TABLES, CODECS, st.sampled_from(",;\t|"), st.binary(max_size=3))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_no_rows_whatever_are_more_than_rejected(path, rows, codec, separator, damage):
    text = io.StringIO()
    csv.writer(text, delimiter=separator).writerows([HEADER.split(","), *rows])
    content = text.getvalue().encode(codec, "replace")
    middle = len(content) // 2
    survives(path, content[:middle] + damage + content[middle:])
