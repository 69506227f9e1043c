"""Staff rejects: rows that did not get in, as a file that HR can mend and send again."""

import csv
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from core import cells
from core.staff_changes import Change
from core.staff_files import Fault, Reject

HEADERS = ("row / 行", "column / 列", "reason", "原因")

Write = Callable[[Change | Reject], None]


@contextmanager
def written(path: Path, headers: Iterable[str]) -> Iterator[Write]:
    """What is given within goes to this file if there is a fault in it."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        table = csv.writer(file)
        table.writerow([*HEADERS, *map(cells.harmless, headers)])

        def write(outcome: Change | Reject) -> None:
            if found := faults(outcome):
                table.writerow(map(cells.harmless, _row(outcome, found)))

        yield write


def faults(outcome: Change | Reject) -> list[Fault]:
    if isinstance(outcome, Reject):
        return outcome.faults
    return [outcome.fault] if outcome.fault else []


def _row(outcome: Change | Reject, found: list[Fault]) -> list[str]:
    row = outcome if isinstance(outcome, Reject) else outcome.employee
    return [
        str(row.row),
        " / ".join(fault.column for fault in found),
        " ".join(fault.refused.message("en") for fault in found),
        "".join(fault.refused.message("zh-CN") for fault in found),
        *row.cells,
    ]
