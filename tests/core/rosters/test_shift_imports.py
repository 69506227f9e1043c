import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.rosters import shift_files, shift_imports
from core.rosters.shift_changes import Change, Kind, OverlapsKnown
from core.rosters.shift_clashes import FreeAndOnDuty, Overlapping, PartOfADay
from core.rosters.shift_files import ShiftFile
from core.rosters.shift_hours import NotATime
from core.rosters.shift_imports import Import, UnknownPerson
from core.rosters.shifts import Shift
from core.sheets.rejects import Reject
from tests.makers import a_person

HOUR = timedelta(hours=1)
HEADER = "工号,日期,上班,下班"

Outcomes = list[Change | Reject]


@pytest.fixture
def a_file(tmp_path: Path):
    def of(*lines: str) -> ShiftFile:
        path = tmp_path / "shifts.csv"
        path.write_text("\n".join([HEADER, *lines]), encoding="utf-8")
        return shift_files.opened(path)

    return of


@pytest.fixture
async def people(undo) -> None:
    for number in ("A1", "A2", "A3"):
        await a_person(number=number)


@pytest.fixture
def bring(a_file, people):
    async def bring_(*lines: str, dry_run: bool = False) -> Outcomes:
        run = Import(a_file(*lines), dry_run=dry_run)
        return [outcome async for outcome in run.changes()]

    return bring_


def kinds(outcomes: Outcomes) -> list[Kind]:
    assert not [outcome for outcome in outcomes if isinstance(outcome, Reject)], outcomes
    return [change.kind for change in outcomes]


def faults(outcomes: Outcomes) -> dict[int, list[type]]:
    return {one.row: [type(fault.refused) for fault in one.faults] for one in outcomes}


async def rostered(number: str = "A1") -> list[str]:
    """In Shanghai."""
    shifts = await Shift.filter(person__number=number).order_by("begins_at")
    local = [(one.begins_at + 8 * HOUR, one.ends_at + 8 * HOUR) for one in shifts]
    return [f"{begins:%d %H:%M}-{ends:%d %H:%M}" for begins, ends in local]


async def test_a_roster_is_taken_as_it_stands(bring):
    outcomes = await bring(
        "A1,2026-11-14,20:00,次日04:30", "A1,2026-11-15,休,", "A2,2026-11-14,08:00,16:30"
    )
    assert kinds(outcomes) == [Kind.NEW, Kind.UNCHANGED, Kind.NEW]
    shift = await Shift.get(person__number="A1")
    assert shift.begins_at == datetime(2026, 11, 14, 12, tzinfo=UTC)
    assert shift.ends_at == datetime(2026, 11, 14, 20, 30, tzinfo=UTC)
    assert await rostered("A2") == ["14 08:00-14 16:30"]


async def test_the_same_file_again_changes_nothing(bring, statements):
    lines = ["A1,2026-11-14,20:00,04:30", "A1,2026-11-15,休,", "A2,2026-11-14,08:00,16:30"]
    await bring(*lines)
    before = await Shift.all().order_by("id").values()
    statements()
    assert kinds(await bring(*lines)) == [Kind.UNCHANGED] * 3
    assert not [sql for sql in statements() if sql.startswith(("INSERT", "UPDATE", "DELETE"))]
    assert await Shift.all().order_by("id").values() == before


async def test_a_correction_takes_the_place_of_that_day_alone(bring):
    await bring(*(f"A1,2026-11-{day},08:00,16:30" for day in (14, 15, 16)))
    [change] = await bring("A1,2026-11-15,20:00,次日04:30")
    assert change.kind is Kind.CHANGED
    assert [(span.begins_at.hour, span.ends_at.hour) for span in change.was] == [(0, 8)]
    assert await rostered() == ["14 08:00-14 16:30", "15 20:00-16 04:30", "16 08:00-16 16:30"]


async def test_who_is_given_a_day_off_is_free(bring):
    await bring("A1,2026-11-14,08:00,16:30")
    [change] = await bring("A1,2026-11-14,调休,")
    assert change.kind is Kind.FREED
    assert await rostered() == []


async def test_a_split_day_is_one_day(bring):
    split = ["A1,2026-11-14,08:00,12:00", "A1,2026-11-14,14:00,18:00"]
    assert kinds(await bring(*split)) == [Kind.NEW, Kind.NEW]
    assert kinds(await bring(*split)) == [Kind.UNCHANGED, Kind.UNCHANGED]
    [change] = await bring(split[1])
    assert (change.kind, len(change.was)) == (Kind.CHANGED, 1)
    assert await rostered() == ["14 14:00-14 18:00"]


async def test_a_row_that_stands_there_twice_counts_once(bring):
    row = "A1,2026-11-14,08:00,16:30"
    assert kinds(await bring(row, row)) == [Kind.NEW, Kind.UNCHANGED]
    assert await rostered() == ["14 08:00-14 16:30"]


async def test_rows_that_contradict_each_other_come_back_and_change_nothing(bring):
    await bring("A1,2026-11-14,09:00,17:30", "A3,2026-11-14,09:00,17:30")
    outcomes = await bring(
        "A1,2026-11-14,20:00,次日04:30",
        "A1,2026-11-15,04:00,12:00",
        "A1,2026-11-16,08:00,16:30",
        "A2,2026-11-14,08:00,16:30",
        "A2,2026-11-14,休,",
        "A3,2026-11-14,07:00,11:00",
        "A3,2026-11-14,14:00,88:00",
    )
    assert faults(outcomes) == {
        2: [Overlapping],
        3: [Overlapping],
        4: [],
        5: [FreeAndOnDuty],
        6: [FreeAndOnDuty],
        7: [PartOfADay],
        8: [NotATime],
    }
    assert await rostered() == ["14 09:00-14 17:30", "16 08:00-16 16:30"]
    assert (await rostered("A2"), await rostered("A3")) == ([], ["14 09:00-14 17:30"])


async def test_what_overlaps_a_day_that_stays_comes_back(bring):
    await bring("A1,2026-11-14,20:00,次日08:00", "A1,2026-11-15,20:00,次日08:00")
    outcomes = await bring(
        "A1,2026-11-16,07:00,11:00", "A1,2026-11-16,12:00,16:00", "A1,2026-11-17,08:00,16:30"
    )
    assert faults(outcomes) == {2: [OverlapsKnown], 3: [PartOfADay], 4: []}
    assert outcomes[0].faults[0].refused.facts == {
        "begins": "2026-11-15 20:00",
        "ends": "2026-11-16 08:00",
    }
    assert await rostered() == ["14 20:00-15 08:00", "15 20:00-16 08:00", "17 08:00-17 16:30"]


async def test_a_day_that_comes_back_may_be_in_the_way_of_the_next(bring):
    await bring("A1,2026-11-14,20:00,次日08:00", "A1,2026-11-15,20:00,次日08:00")
    outcomes = await bring("A1,2026-11-15,07:00,15:00", "A1,2026-11-16,07:00,15:00")
    assert faults(outcomes) == {2: [OverlapsKnown], 3: [OverlapsKnown]}
    assert await rostered() == ["14 20:00-15 08:00", "15 20:00-16 08:00"]


async def test_a_shift_that_moves_away_is_in_nobodys_way(bring):
    await bring("A1,2026-11-14,20:00,次日08:00")
    lines = ["A1,2026-11-15,07:00,15:00", "A1,2026-11-14,08:00,16:30"]
    assert sorted(kinds(await bring(*lines))) == [Kind.CHANGED, Kind.NEW]
    assert await rostered() == ["14 08:00-14 16:30", "15 07:00-15 15:00"]


async def test_nobody_is_made_up(bring):
    outcomes = await bring("A9,2026-11-14,08:00,16:30", "A1,2026-11-14,08:00,16:30")
    assert faults(outcomes) == {2: [UnknownPerson], 3: []}
    assert await Shift.all().count() == 1


async def test_a_dry_run_finds_the_same_changes_and_makes_none(bring):
    await bring("A1,2026-11-14,20:00,次日08:00", "A2,2026-11-14,08:00,16:30")
    lines = [
        "A1,2026-11-14,08:00,16:30",
        "A1,2026-11-15,08:00,16:30",
        "A2,2026-11-14,休,",
        "A9,2026-11-14,08:00,16:30",
        "A3,2026-11-14,08:00,25:30",
    ]
    before = await Shift.all().order_by("id").values()
    planned = await bring(*lines, dry_run=True)
    assert await Shift.all().order_by("id").values() == before
    made = await bring(*lines)
    assert [told(outcome) for outcome in planned] == [told(outcome) for outcome in made]


def told(outcome: Change | Reject) -> tuple:
    codes = [fault.refused.code for fault in outcome.faults]
    change = (outcome.kind, outcome.was) if isinstance(outcome, Change) else ()
    return outcome.row, codes, *change


@pytest.mark.parametrize("batch", [1, 2, 500])
async def test_batches_hold_whole_people(bring, monkeypatch, batch):
    monkeypatch.setattr(shift_imports, "BATCH", batch)
    days = [f"A{n},2026-11-{day},20:00,次日04:30" for day in (14, 15, 16) for n in (1, 2, 3)]
    assert kinds(await bring(*days)) == [Kind.NEW] * 9
    assert await Shift.all().count() == 9


@pytest.mark.committed
async def test_imports_that_run_at_once_bring_each_shift_once(a_file):
    people = [await a_person() for _ in range(40)]
    days = [f"{one.number},2026-11-{day},20:00,04:30" for one in people for day in range(10, 30)]
    file = a_file(*days)

    async def run() -> list[Kind]:
        return kinds([outcome async for outcome in Import(file).changes()])

    found = [kind for kinds in await asyncio.gather(run(), run(), run()) for kind in kinds]

    assert (found.count(Kind.NEW), found.count(Kind.UNCHANGED)) == (800, 1600)
    assert await Shift.all().count() == 800


@pytest.mark.committed
async def test_corrections_that_come_at_once_leave_one_shift_a_day(a_file, tmp_path):
    ann = await a_person()
    files = []
    for hour in range(6, 12):
        path = tmp_path / f"{hour}.csv"
        path.write_text(f"{HEADER}\n{ann.number},2026-11-14,{hour}:00,16:30")
        files.append(shift_files.opened(path))

    async def run(file: ShiftFile) -> list[Kind]:
        return kinds([outcome async for outcome in Import(file).changes()])

    found = [kind for kinds in await asyncio.gather(*map(run, files)) for kind in kinds]

    assert (found.count(Kind.NEW), found.count(Kind.CHANGED)) == (1, 5)
    assert await Shift.all().count() == 1
