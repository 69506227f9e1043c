"""Shift changes: what the rows about one person alter in what is known of their shifts."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from zoneinfo import ZoneInfo

from core.errors import Invalid
from core.rosters.shift_clashes import Days, PartOfADay
from core.rosters.shift_files import Entry
from core.rosters.shift_hours import Span
from core.rosters.shifts import Shift
from core.sheets.rejects import Fault, Reject
from core.text import Text


class OverlapsKnown(Invalid):
    text = Text(
        "There is a shift from {begins} to {ends} already, of a day that this file leaves alone.",
        "与已有班次 {begins} 至 {ends} 重叠，而那一天不由本文件更改。",
        "與已有班次 {begins} 至 {ends} 重疊，而那一天不由本檔案更改。",
    )


class Kind(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    FREED = "freed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True)
class Change:
    """What becomes of a row; `was` stood in its place."""

    entry: Entry
    kind: Kind
    was: Sequence[Span] = ()

    @property
    def row(self) -> int:
        return self.entry.row

    @property
    def cells(self) -> Sequence[str]:
        return self.entry.cells

    @property
    def faults(self) -> Sequence[Fault]:
        return ()


class Changes:
    """Of one person: a day is taken as a whole, in place of what was known of it."""

    def __init__(self, days: Days, known: Sequence[Shift], zone: ZoneInfo) -> None:
        self._days = days
        self._zone = zone
        self._known: defaultdict[date, list[Shift]] = defaultdict(list)
        for shift in known:
            self._known[shift.begins_at.astimezone(zone).date()].append(shift)
        self._taken = {day for day, rows in days.items() if not any(row.faults for row in rows)}
        while clashing := {day for day in self._taken if self._clashes(day)}:
            self._taken -= clashing

    @property
    def gone(self) -> list[Shift]:
        return [
            shift
            for day in self._taken
            for shift in self._known[day]
            if _span(shift) not in _wanted(self._days[day])
        ]

    @property
    def new(self) -> list[Span]:
        return [
            span
            for day in self._taken
            for span in _wanted(self._days[day]) - {*map(_span, self._known[day])}
        ]

    def outcomes(self, column: str) -> Iterator[Change | Reject]:
        """One for each row; `column` is the one that holds the hours."""
        for day, entries in self._days.items():
            if day in self._taken:
                yield from _compared(entries, [*map(_span, self._known[day])])
            else:
                yield from self._refused(day, column)

    def _refused(self, day: date, column: str) -> Iterator[Reject]:
        clashes = self._clashes(day)
        for entry in self._days[day]:
            faults = [*entry.faults]
            if shift := clashes.get(entry.row):
                faults.append(Fault(column, self._overlap(shift)))
            elif not faults:
                faults.append(Fault("", PartOfADay(row=min(clashes))))
            yield Reject(entry.row, entry.cells, faults)

    def _clashes(self, day: date) -> dict[int, Shift]:
        """By row: a shift of another day that overlaps it and will stay."""
        stays = [
            shift
            for other, known in self._known.items()
            if other != day and other not in self._taken
            for shift in known
        ]
        return {
            entry.row: shift
            for entry in self._days[day]
            for shift in stays
            if entry.span
            and shift.begins_at < entry.span.ends_at
            and entry.span.begins_at < shift.ends_at
        }

    def _overlap(self, shift: Shift) -> OverlapsKnown:
        begins, ends = (at.astimezone(self._zone) for at in _span(shift))
        return OverlapsKnown(begins=f"{begins:%Y-%m-%d %H:%M}", ends=f"{ends:%Y-%m-%d %H:%M}")


def _compared(entries: list[Entry], known: list[Span]) -> Iterator[Change]:
    """What a day loses is told with the first row that brings something else."""
    gone = [span for span in known if span not in _wanted(entries)]
    fresh = [entry for entry in entries if entry.span not in known]
    teller = (fresh or entries)[0]
    told = {*known}
    for entry in entries:
        if gone and entry is teller:
            yield Change(entry, Kind.CHANGED if entry.span else Kind.FREED, gone)
        elif entry.span and entry.span not in told:
            yield Change(entry, Kind.NEW)
        else:
            yield Change(entry, Kind.UNCHANGED)
        told |= _wanted([entry])


def _wanted(entries: list[Entry]) -> set[Span]:
    return {entry.span for entry in entries if entry.span}


def _span(shift: Shift) -> Span:
    return Span(shift.begins_at, shift.ends_at)
