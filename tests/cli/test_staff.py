from functools import partial
from pathlib import Path

import pytest

from core.people import Person, Team

pytestmark = pytest.mark.committed

LINES = [
    "工号,姓名,部门,班组,手机号码,入职日期,招聘渠道,离职日期,HR,身份证号",
    "A1,张伟,客服一部,早班A组,13800138000,2025-06-01,校园招聘,,是,1",
    "A2,㛃𠮷𣲗,客服一部,早班A组,13800138000,2025/1/4,劳务派遣,,,2",
    "A3,王芳,客服一部,晚班,12345,2025-02-30,内推,,,3",
    ",,,,,,,,,",
    "A4,赵磊,质检部,质检组,,2024-06-01,猎头,2024-07-01,,4",
]
COLUMNS = (
    "工号 = number, 姓名 = name, 部门 = department, 班组 = team, 手机号码 = phone, "
    "入职日期 = hired_on, 招聘渠道 = hire_channel, 离职日期 = left_on, HR = hr"
)
MISSING = "No column of this file is known to hold: 工号 (number), 姓名 (name)."


@pytest.fixture
def staff(tmp_path: Path) -> Path:
    path = tmp_path / "staff.csv"
    path.write_bytes("\r\n".join(LINES).encode("gb18030"))
    return path


@pytest.fixture
def breakroom(command):
    return partial(command, "staff", "import")


async def test_what_was_found_out_and_done_is_shown(breakroom, staff):
    done = breakroom(staff)
    assert done.stdout.splitlines() == [
        "encoding   GB18030",
        "separator  comma",
        "header     in row 1, above 4 rows",
        f"columns    {COLUMNS}",
        "dates      入职日期: year first",
        "dates      离职日期: year first",
        "ignored    身份证号",
        "channels   taken as OTHER: 劳务派遣 (1)",
        "done: 3 new, 0 changed, 0 leaving, 0 unchanged, 1 rejected",
        "1 row has faults:",
        "  row 4, 手机号码: “12345” is no phone number.",
        "  row 4, 入职日期: “2025-02-30” is no date (such as 2025-09-16).",
        "--rejects FILE writes all that have to a file",
    ]
    assert "importing" in done.stderr
    assert "4/4" in done.stderr
    assert await Person.all().order_by("number").values_list("number", flat=True) == [
        "A1",
        "A2",
        "A4",
    ]
    assert await Team.all().count() == 2


async def test_the_same_file_again_changes_nothing(breakroom, staff):
    breakroom(staff)
    before = await Person.all().order_by("number").values()
    done = breakroom(staff)
    assert "done: 0 new, 0 changed, 0 leaving, 3 unchanged, 1 rejected" in done.stdout
    assert await Person.all().order_by("number").values() == before


async def test_a_dry_run_shows_the_difference_and_changes_nothing(breakroom, staff):
    await Person.create(number="A1", name="张薇", phone="+8613800138000")
    await Person.create(number="A4", name="赵磊")
    before = await Person.all().order_by("number").values()
    done = breakroom(staff, "--dry-run")
    assert done.stdout.splitlines()[8:-4] == [
        "  new: A2 㛃𠮷𣲗 (客服一部 早班A组)",
        "  changed: A1 张伟 (客服一部 早班A组)",
        "    name: 张薇 → 张伟",
        "    department: – → 客服一部",
        "    team: – → 早班A组",
        "    hired_on: – → 2025-06-01",
        "    hire_channel: OTHER → CAMPUS",
        "    hr: no → yes",
        "  leaving: A4 赵磊 (质检部 质检组)",
        "    department: – → 质检部",
        "    team: – → 质检组",
        "    hired_on: – → 2024-06-01",
        "    hire_channel: OTHER → HEADHUNTER",
        "    left_on: – → 2024-07-01",
        "would be: 1 new, 1 changed, 1 leaving, 0 unchanged, 1 rejected",
    ]
    assert await Person.all().order_by("number").values() == before
    assert not await Team.exists()


async def test_rejected_rows_come_back_in_a_file(breakroom, staff, tmp_path):
    rejects = tmp_path / "rejects.csv"
    done = breakroom(staff, "--rejects", rejects)
    lines = rejects.read_text(encoding="utf-8-sig").splitlines()
    assert f"all of them: {rejects}" in done.stdout
    assert lines[0] == "row / 行,column / 列,reason,原因," + LINES[0]
    assert lines[1].startswith("4,手机号码 / 入职日期,")
    assert lines[1].endswith(LINES[3])
    assert len(lines) == 2


async def test_strict_tells_by_the_exit_code(breakroom, staff):
    breakroom(staff, "--strict", code=1)
    assert await Person.all().count() == 3
    staff.write_text("\n".join(LINES[:2]), encoding="utf-8")
    breakroom(staff, "--strict")


async def test_ambiguous_dates_are_asked_about(breakroom, staff):
    staff.write_text("Staff no;Name;Hire date\n1;Ann;04/01/2025\n", encoding="utf-8")
    done = breakroom(staff, code=1)
    assert done.stderr == (
        "Error: The column Hire date may begin with the day or the month (“04/01/2025”); "
        "say it with --date-order dmy or mdy.\n"
    )
    assert not await Person.exists()
    assert "dates      Hire date: day first" in breakroom(staff, "--date-order", "dmy").stdout
    assert str((await Person.get(number="1")).hired_on) == "2025-01-04"


async def test_an_encoding_can_be_said(breakroom, staff):
    staff.write_bytes("Staff no;Name\n1;Zoë\n".encode("cp1252"))
    done = breakroom(staff, "--encoding", "windows-1252")
    assert "encoding   Windows-1252" in done.stdout
    assert (await Person.get(number="1")).name == "Zoë"


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", "Error: This file is empty.\n"),
        (b"PK\x03\x04", "Error: This is a workbook; save it as CSV first.\n"),
        (
            b"a,b\n1,2\n",
            f"Error: {MISSING} Its headers: a, b.\n",
        ),
    ],
)
async def test_what_is_no_staff_file_is_refused(breakroom, staff, content, refusal):
    staff.write_bytes(content)
    done = breakroom(staff, code=1)
    assert (done.stdout, done.stderr) == ("", refusal)
    assert not await Person.exists()


def test_the_file_that_is_read_is_not_written_over(breakroom, staff):
    before = staff.read_bytes()
    breakroom(staff, "--rejects", staff, code=2)
    assert staff.read_bytes() == before
