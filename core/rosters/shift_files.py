"""Shift files: who is on duty when, row by row, from a roster as somebody sends it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from core import settings
from core.errors import Invalid
from core.personnel import employee_numbers
from core.rosters import shift_hours
from core.rosters.shift_columns import VOCABULARY, Field
from core.rosters.shift_hours import Span
from core.sheets import cells, dates, tables
from core.sheets.columns import Columns
from core.sheets.dates import DateOrder, Evidence
from core.sheets.encodings import Encoding
from core.sheets.rejects import Fault
from core.sheets.tables import Row, Table


@dataclass
class Entry:
    """What one row says: from when to when somebody is on duty on a day, or that they are free."""

    row: int
    cells: list[str]
    faults: list[Fault] = field(default_factory=list)
    number: str = ""
    day: date | None = None
    span: Span | None = None

    @property
    def is_free(self) -> bool:
        return self.span is None and not self.faults

    def reject(self, column: str, refused: Invalid) -> None:
        self.faults.append(Fault(column, refused))


@dataclass(frozen=True)
class ShiftFile:
    """A file, and what reading it once has found out about it."""

    table: Table
    columns: Columns[Field]
    total: int
    date_order: DateOrder
    zone: ZoneInfo
    codes: Mapping[str, str]

    def entries(self) -> Iterator[Entry]:
        for row in self.table.rows():
            yield self._read(row)

    def header(self, *fields: Field) -> str:
        """Of the first of these for which the file has a column."""
        return next((self.columns.header(f) for f in fields if f in self.columns.places), "")

    def _read(self, row: Row) -> Entry:
        entry = Entry(row.number, row.cells)
        if row.refused:
            entry.reject("", row.refused)
            return entry
        for reading in (self._read_number, self._read_day, self._read_span):
            reading(entry)
        return entry

    def _read_number(self, entry: Entry) -> None:
        try:
            entry.number = employee_numbers.read(self._cell(entry, Field.NUMBER))
        except Invalid as refused:
            entry.reject(self.header(Field.NUMBER), refused)

    def _read_day(self, entry: Entry) -> None:
        cell = self._cell(entry, Field.DATE) or shift_hours.dated(self._begins(entry))[0]
        try:
            entry.day = self._date(cell)
        except Invalid as refused:
            entry.reject(self.header(Field.DATE, Field.BEGINS), refused)

    def _read_span(self, entry: Entry) -> None:
        if entry.day is None or self._says_free(entry):
            return
        try:
            entry.span = self._span(entry, entry.day)
        except Invalid as refused:
            entry.reject(self.header(Field.BEGINS, Field.CODE), refused)

    def _says_free(self, entry: Entry) -> bool:
        return shift_hours.is_free(self._begins(entry) or self._cell(entry, Field.CODE))

    def _span(self, entry: Entry, day: date) -> Span:
        begins, ends = self._begins(entry), self._cell(entry, Field.ENDS)
        if code := not begins and not ends and self._cell(entry, Field.CODE):
            return shift_hours.coded(day, code, self.codes, self.zone)
        _, begins = shift_hours.dated(begins)
        ends_on, ends = shift_hours.dated(ends)
        if ends_on and self._date(ends_on) > day:
            ends = f"次日{ends}"
        return shift_hours.span(day, begins, ends, self.zone)

    def _date(self, cell: str) -> date:
        if not cell:
            raise cells.EmptyCell
        return dates.read(cells.plain(cell), self.date_order)

    def _begins(self, entry: Entry) -> str:
        return self._cell(entry, Field.BEGINS)

    def _cell(self, entry: Entry, field: Field) -> str:
        place = self.columns.places.get(field)
        return "" if place is None else entry.cells[place]


def opened(
    path: Path,
    *,
    encoding: Encoding | None = None,
    date_order: DateOrder | None = None,
    time_zone: str = "",
) -> ShiftFile:
    """Read the file once to find out what it is; without a time zone it is the organisation's.

    Raises EmptyFile, Workbook, UnknownEncoding, MissingColumns, AmbiguousDates, MixedDateOrders.
    """
    table = tables.opened(path, VOCABULARY.known, encoding)
    columns = VOCABULARY.mapped(table.header.cells)
    total, evidence = _surveyed(table, columns)
    return ShiftFile(
        table=table,
        columns=columns,
        total=total,
        date_order=date_order or dates.orders([evidence])[0],
        zone=ZoneInfo(time_zone or settings.current().time_zone),
        codes=settings.current().shift_codes,
    )


def _surveyed(table: Table, columns: Columns[Field]) -> tuple[int, Evidence]:
    """How many rows there are, and in which order they write a date."""
    day = Field.DATE if Field.DATE in columns.places else Field.BEGINS
    evidence, place, total = Evidence(columns.header(day)), columns.places[day], 0
    for row in table.rows():
        total += 1
        cell = "" if row.refused else cells.plain(row.cells[place])
        evidence.see(shift_hours.dated(cell)[0] or cell)
    return total, evidence
