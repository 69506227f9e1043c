"""Shift clashes: rows of a roster that cannot all be true."""

from datetime import date
from itertools import pairwise

from core.errors import Invalid
from core.rosters.shift_files import Entry
from core.text import Text

Days = dict[date, list[Entry]]


class Overlapping(Invalid):
    text = Text(
        "These rows put one person in two places at once: {rows}.",
        "同一人的班次时间重叠：第 {rows} 行。",
        "同一人的班次時間重疊：第 {rows} 列。",
    )


class FreeAndOnDuty(Invalid):
    text = Text(
        "One row says free and another one says on duty: {rows}.",
        "同一天既排了班又排了休：第 {rows} 行。",
        "同一天既排了班又排了休：第 {rows} 列。",
    )


class PartOfADay(Invalid):
    text = Text(
        "The rows of a day go together, and row {row} cannot be taken.",
        "同一天的各行须一并导入，而第 {row} 行无法导入。",
        "同一天的各列須一併匯入，而第 {row} 列無法匯入。",
    )


def find(days: Days, column: str) -> None:
    """Rejects, among the rows about one person, those that contradict others."""
    for entries in days.values():
        _free_and_on_duty(entries, column)
    _overlapping([entry for entries in days.values() for entry in entries], column)
    for entries in days.values():
        _broken_off(entries)


def _free_and_on_duty(entries: list[Entry], column: str) -> None:
    if any(entry.is_free for entry in entries) and any(entry.span for entry in entries):
        _reject(entries, FreeAndOnDuty, column)


def _overlapping(entries: list[Entry], column: str) -> None:
    """The same row twice is no contradiction."""
    on_duty = sorted((entry.span, entry.row, entry) for entry in entries if entry.span)
    for (span, _, entry), (later, _, other) in pairwise(on_duty):
        if later.begins_at < span.ends_at and later != span:
            _reject([entry, other], Overlapping, column)


def _broken_off(entries: list[Entry]) -> None:
    """A day of which a part would be missing is not taken at all."""
    faulty = [entry for entry in entries if entry.faults]
    for entry in entries:
        if faulty and not entry.faults:
            entry.reject("", PartOfADay(row=faulty[0].row))


def _reject(entries: list[Entry], refusal: type[Invalid], column: str) -> None:
    rows = ", ".join(str(entry.row) for entry in entries)
    for entry in entries:
        entry.reject(column, refusal(rows=rows))
