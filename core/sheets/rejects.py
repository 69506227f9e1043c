"""Rejects: rows that did not get in, as a file that whoever sent them can mend and send again."""

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple, Protocol

from core.errors import Invalid
from core.sheets import cells

HEADERS = ("row / 行", "column / 列", "reason", "原因")


class Fault(NamedTuple):
    column: str
    refused: Invalid


class Outcome(Protocol):
    """What became of a row."""

    @property
    def row(self) -> int: ...
    @property
    def cells(self) -> Sequence[str]: ...
    @property
    def faults(self) -> Sequence[Fault]: ...


class Reject(NamedTuple):
    row: int
    cells: Sequence[str]
    faults: Sequence[Fault]


Write = Callable[[Outcome], None]


@contextmanager
def written(path: Path, headers: Iterable[str]) -> Iterator[Write]:
    """What is given within goes to this file if there is a fault in it."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        table = csv.writer(file)
        table.writerow([*HEADERS, *map(cells.harmless, headers)])

        def write(outcome: Outcome) -> None:
            if outcome.faults:
                table.writerow(map(cells.harmless, _row(outcome)))

        yield write


def _row(outcome: Outcome) -> list[str]:
    return [
        str(outcome.row),
        " / ".join(fault.column for fault in outcome.faults),
        " ".join(fault.refused.message("en") for fault in outcome.faults),
        "".join(fault.refused.message("zh-CN") for fault in outcome.faults),
        *outcome.cells,
    ]
