from functools import partial
from pathlib import Path

import pytest

from core.rosters.shifts import Shift
from tests.makers import a_person

pytestmark = pytest.mark.committed

LINES = [
    "工号,日期,上班,下班,备注",
    "A1,2026-11-14,20:00,次日04:30,",
    "A1,2026-11-15,休,,调休",
    "A2,2026-11-14,08:00,16:30,",
    "A2,2026-11-14,12:00,20:30,",
    "A9,2026-11-14,08:00,16:30,",
    "A1,2026-11-16,08:00,二十点,",
]


@pytest.fixture
async def roster(undo, tmp_path: Path) -> Path:
    for number in ("A1", "A2"):
        await a_person(number=number)
    path = tmp_path / "shifts.csv"
    path.write_text("\r\n".join(LINES), encoding="utf-8-sig")
    return path


@pytest.fixture
def breakroom(command):
    return partial(command, "shifts", "import")


async def test_what_was_found_out_and_done_is_shown(breakroom, roster, tmp_path):
    rejects = tmp_path / "rejects.csv"
    done = breakroom(roster, "--rejects", rejects, "--strict", code=1)
    assert done.stdout.splitlines() == [
        "encoding   UTF-8",
        "separator  comma",
        "header     in row 1, above 6 rows",
        "columns    工号 = number, 日期 = date, 上班 = begins, 下班 = ends",
        "dates      日期: year first",
        "ignored    备注",
        "time zone  Asia/Shanghai",
        "done: 1 new, 0 changed, 0 freed, 1 unchanged, 4 rejected",
        "4 rows have faults:",
        "  row 7, 上班: “二十点” is no time (such as 20:00, or 次日04:30 for the next day).",
        "  row 4, 上班: These rows put one person in two places at once: 4, 5.",
        "  row 5, 上班: These rows put one person in two places at once: 4, 5.",
        "  row 6, 工号: Nobody has the number A9.",
        f"all of them: {rejects}",
    ]
    assert "6/6" in done.stderr
    assert await Shift.all().count() == 1
    written = rejects.read_text(encoding="utf-8-sig").splitlines()
    assert [line.split(",")[0] for line in written[1:]] == ["7", "4", "5", "6"]


async def test_a_dry_run_shows_the_difference_and_changes_nothing(breakroom, roster):
    breakroom(roster)
    roster.write_text("\n".join([LINES[0], "A1,2026-11-14,8:00,16:30,", "A2,2026-11-15,9:00,1,"]))
    before = await Shift.all().values()
    done = breakroom(roster, "--dry-run", "--time-zone", "Asia/Manila")
    assert done.stdout.splitlines()[6:] == [
        "time zone  Asia/Manila",
        "  new: A2 2026-11-15 09:00–01:00",
        "  changed: A1 2026-11-14 20:00–04:30 → 08:00–16:30",
        "would be: 1 new, 1 changed, 0 freed, 0 unchanged, 0 rejected",
    ]
    assert await Shift.all().values() == before


def test_a_time_zone_has_to_be_one(breakroom, roster):
    done = breakroom(roster, "--time-zone", "Mars/Olympus", code=2)
    assert "name a time zone such as Asia/Shanghai" in done.stderr
