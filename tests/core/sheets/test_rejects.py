import csv
from pathlib import Path

import pytest

from core.personnel import staff_files
from core.personnel.staff_files import Employee, StaffFile
from core.sheets import rejects

pytestmark = pytest.mark.once

HEADER = "工号,姓名,手机,入职日期"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "rejects.csv"


@pytest.fixture
def a_file(tmp_path: Path):
    def of(*lines: str) -> StaffFile:
        staff = tmp_path / "staff.csv"
        staff.write_text("\n".join(lines), encoding="utf-8")
        return staff_files.opened(staff)

    return of


def write(path: Path, file: StaffFile) -> list[list[str]]:
    with rejects.written(path, file.columns.headers) as reject:
        for row in file.rows():
            if not isinstance(row, Employee):
                reject(row)
    with path.open(encoding="utf-8-sig", newline="") as table:
        return [*csv.reader(table)]


def test_each_reject_comes_back_with_its_row_column_reasons_and_cells(path, a_file):
    file = a_file(HEADER, "A1,张伟,,", "A2,,12345,", "A3,李娜,,2025-02-30")
    assert write(path, file) == [
        ["row / 行", "column / 列", "reason", "原因", "工号", "姓名", "手机", "入职日期"],
        [
            "3",
            "姓名 / 手机",
            "Nothing stands here, and it is needed. “12345” is no phone number.",
            "此处为空，但必须填写。“12345”不是有效的电话号码。",
            *("A2", "", "12345", ""),
        ],
        [
            "4",
            "入职日期",
            "“2025-02-30” is no date (such as 2025-09-16).",
            "“2025-02-30”不是有效日期（例如 2025-09-16）。",
            *("A3", "李娜", "", "2025-02-30"),
        ],
    ]


def test_excel_knows_the_encoding_by_the_mark(path, a_file):
    write(path, a_file(HEADER, "A1,,,"))
    assert path.read_bytes().startswith(b"\xef\xbb\xbfrow")


@pytest.mark.parametrize("formula", ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x")'])
def test_no_cell_is_run_as_a_formula(path, a_file, formula):
    quoted = formula.replace('"', '""')
    _, reject = write(path, a_file(HEADER, f'A1,"{quoted}",,'))
    assert reject[5] == f"'{formula}"


def test_what_was_mended_is_taken(path, a_file):
    write(path, a_file(HEADER, 'A1,"张伟",+86 138-0013-8000,2025-02-30', "A2,,,"))
    text = path.read_text(encoding="utf-8-sig").replace("2025-02-30", "2025-02-28")
    path.write_text(text, encoding="utf-8-sig")
    mended, still = staff_files.opened(path).rows()
    assert (mended.number, mended.name, mended.phone) == ("A1", "张伟", "+8613800138000")
    assert [fault.column for fault in still.faults] == ["姓名"]
