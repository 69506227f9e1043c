"""What an import tells: what it found out, what changes, what was rejected."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from core.sheets.columns import Columns
from core.sheets.dates import DateOrder
from core.sheets.rejects import Outcome, Reject
from core.sheets.tables import Table

SEPARATORS = {",": "comma", "\t": "tab", ";": "semicolon", "|": "vertical bar"}
ORDERS = {
    DateOrder.YEAR_FIRST: "year first",
    DateOrder.DAY_FIRST: "day first",
    DateOrder.MONTH_FIRST: "month first",
}
UNCHANGED = "unchanged"  # the kind that every import has, and nobody wants to see
SAMPLE = 5  # of each kind of change, and ...
FAULTS = 10  # ... of what was rejected


class Change(Outcome, Protocol):
    @property
    def kind(self) -> StrEnum: ...


ChangeT = TypeVar("ChangeT", bound=Change)
FieldT = TypeVar("FieldT", bound=StrEnum)


def findings(
    table: Table, columns: Columns[FieldT], total: int, date_orders: Iterable[tuple[str, DateOrder]]
) -> Iterator[str]:
    yield f"encoding   {table.encoding}"
    yield f"separator  {SEPARATORS[table.separator]}"
    yield f"header     in row {table.header.number}, above {total} rows"
    yield f"columns    {', '.join(f'{columns.header(f)} = {f}' for f in columns.places)}"
    for column, order in date_orders:
        yield f"dates      {column}: {ORDERS[order]}"
    if columns.ignored:
        yield f"ignored    {', '.join(columns.ignored)}"


class Tally(Generic[ChangeT]):
    """Counts every outcome and keeps the first few of each kind to show; `told` tells a change."""

    def __init__(self, kinds: type[StrEnum], told: Callable[[ChangeT], Iterator[str]]) -> None:
        self._kinds = kinds
        self._told = told
        self._counts: Counter[StrEnum] = Counter()
        self._samples: defaultdict[StrEnum, list[ChangeT]] = defaultdict(list)
        self._faults: list[str] = []
        self._rejected = 0
        self.faulty = 0

    def see(self, outcome: ChangeT | Reject) -> None:
        self._note_faults(outcome)
        if isinstance(outcome, Reject):
            self._rejected += 1
            return
        self._counts[outcome.kind] += 1
        if len(self._samples[outcome.kind]) < SAMPLE:
            self._samples[outcome.kind].append(outcome)

    def outcome(self, rejects: Path | None, *, dry_run: bool) -> Iterator[str]:
        if dry_run:
            yield from self._difference()
        counts = [*(f"{self._counts[kind]} {kind}" for kind in self._kinds)]
        counts.append(f"{self._rejected} rejected")
        yield f"{'would be' if dry_run else 'done'}: {', '.join(counts)}"
        if self.faulty:
            yield from self._faulty(rejects)

    def _note_faults(self, outcome: Outcome) -> None:
        self.faulty += bool(outcome.faults)
        for fault in outcome.faults:
            if len(self._faults) < FAULTS:
                where = f"row {outcome.row}{fault.column and f', {fault.column}'}"
                self._faults.append(f"  {where}: {fault.refused.message('en')}")

    def _difference(self) -> Iterator[str]:
        """A sample of what changes."""
        for kind in self._kinds:
            shown = self._samples[kind] if kind != UNCHANGED else []
            for change in shown:
                yield from self._told(change)
            if shown and (more := self._counts[kind] - len(shown)):
                yield f"  … and {more} more {kind}"

    def _faulty(self, rejects: Path | None) -> Iterator[str]:
        yield f"{self.faulty} {'row has' if self.faulty == 1 else 'rows have'} faults:"
        yield from self._faults
        if (more := self.faulty - len(self._faults)) > 0:
            yield f"  … and {more} more"
        if rejects:
            yield f"all of them: {rejects}"
        else:
            yield "--rejects FILE writes all that have to a file"
