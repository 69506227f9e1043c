"""What `breakroom staff import` tells: what it found out, what changes, what was rejected."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from core import staff_rejects
from core.dates import DateOrder
from core.staff_changes import Change, Kind
from core.staff_columns import Field
from core.staff_files import Reject, StaffFile

SEPARATORS = {",": "comma", "\t": "tab", ";": "semicolon", "|": "vertical bar"}
ORDERS = {
    DateOrder.YEAR_FIRST: "year first",
    DateOrder.DAY_FIRST: "day first",
    DateOrder.MONTH_FIRST: "month first",
}
SAMPLE = 5  # of each kind of change, and ...
FAULTS = 10  # ... of what was rejected


def findings(file: StaffFile) -> Iterator[str]:
    table, columns = file.table, file.columns
    yield f"encoding   {table.encoding}"
    yield f"separator  {SEPARATORS[table.separator]}"
    yield f"header     in row {table.header.number}, above {file.survey.total} rows"
    yield f"columns    {', '.join(f'{columns.header(f)} = {f}' for f in columns.places)}"
    for field, order in file.date_orders.items():
        yield f"dates      {columns.header(field)}: {ORDERS[order]}"
    if columns.ignored:
        yield f"ignored    {', '.join(columns.ignored)}"
    if others := file.survey.other_channels:
        yield f"channels   taken as OTHER: {_counted(others)}"


def outcome(tally: "Tally", rejects: Path | None, *, dry_run: bool) -> Iterator[str]:
    if dry_run:
        yield from tally.difference()
    yield f"{'would be' if dry_run else 'done'}: {tally.counts()}"
    if tally.faulty:
        yield f"{tally.faulty} {'row has' if tally.faulty == 1 else 'rows have'} faults:"
        yield from tally.faults()
        yield (
            f"all of them: {rejects}"
            if rejects
            else "--rejects FILE writes all that have to a file"
        )


class Tally:
    """Counts every outcome and keeps the first few of each kind to show."""

    def __init__(self) -> None:
        self.kinds: Counter[Kind] = Counter()
        self.rejected = 0
        self._samples: defaultdict[Kind, list[Change]] = defaultdict(list)
        self._faults: list[str] = []
        self._incomplete = 0

    def see(self, outcome: Change | Reject) -> None:
        self._note_faults(outcome)
        if isinstance(outcome, Reject):
            self.rejected += 1
            return
        self.kinds[outcome.kind] += 1
        self._incomplete += outcome.fault is not None
        if len(self._samples[outcome.kind]) < SAMPLE:
            self._samples[outcome.kind].append(outcome)

    def _note_faults(self, outcome: Change | Reject) -> None:
        row = outcome.row if isinstance(outcome, Reject) else outcome.employee.row
        for fault in staff_rejects.faults(outcome):
            if len(self._faults) < FAULTS:
                where = f"row {row}, {fault.column}" if fault.column else f"row {row}"
                self._faults.append(f"  {where}: {fault.refused.message('en')}")

    @property
    def faulty(self) -> int:
        return self.rejected + self._incomplete

    def difference(self) -> Iterator[str]:
        """A sample of what changes, field by field."""
        for kind in (Kind.NEW, Kind.CHANGED, Kind.LEAVING):
            for change in self._samples[kind]:
                yield from _told(change)
            if (more := self.kinds[kind] - len(self._samples[kind])) > 0:
                yield f"  … and {more} more {kind}"

    def faults(self) -> Iterator[str]:
        yield from self._faults
        if (more := self.faulty - len(self._faults)) > 0:
            yield f"  … and {more} more"

    def counts(self) -> str:
        return ", ".join(
            [*(f"{self.kinds[kind]} {kind}" for kind in Kind), f"{self.rejected} rejected"]
        )


def _told(change: Change) -> Iterator[str]:
    employee = change.employee
    place = " ".join(filter(None, (employee.department, employee.team)))
    yield f"  {change.kind}: {employee.number} {employee.name}{place and f' ({place})'}"
    if change.kind is not Kind.NEW:
        for field, now in change.now.items():
            yield f"    {field}: {_shown(field, change.was[field])} → {_shown(field, now)}"


def _shown(field: Field, value: object) -> str:
    if field in (Field.HR, Field.SUPERVISOR):
        return "yes" if value else "no"
    return "–" if value is None else str(value)


def _counted(counts: Counter[str]) -> str:
    return ", ".join(f"{name} ({count})" for name, count in counts.most_common())
