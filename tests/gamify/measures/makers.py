"""Figures of people's days."""

from datetime import date, timedelta
from pathlib import Path

from core import clock
from core.people import Person
from gamify.measures import figure_files, figure_imports
from gamify.measures.figures import Figure

HEADER = "工号,日期,业务处理量,上班时长,排班时长,一次解决率,满意度"


def a_file(folder: Path, *lines: str, header: str = HEADER) -> Path:
    path = folder / "measures.csv"
    path.write_text("\r\n".join([header, *lines]), encoding="utf-8-sig")
    return path


async def imported(path: Path, *, dry_run: bool = False) -> list[str]:
    """What came of each row: a kind, or the codes of what was wrong."""
    entries = figure_files.opened(path).entries()
    outcomes = [one async for one in figure_imports.changes(entries, dry_run=dry_run)]
    return [" ".join(f.refused.code for f in one.faults) or one.kind for one in outcomes]


async def worked(person: Person, *days: date, **given) -> None:
    values = {"volume": 80, "on_duty": 480, "scheduled": 480, "resolution": 7000}
    for day in days:
        await Figure.create(person_id=person.id, day=day, **values | {"satisfaction": 450} | given)


def days_before(count: int, day: date | None = None) -> list[date]:
    end = day or clock.business_date()
    return [end - timedelta(days=n) for n in range(1, count + 1)]
