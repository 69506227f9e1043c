"""Figure files: somebody's day, row by row, as another system exports it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from core.errors import Invalid
from core.personnel import employee_numbers
from core.sheets import cells, dates, tables
from core.sheets.columns import Columns
from core.sheets.dates import DateOrder, Evidence
from core.sheets.encodings import Encoding
from core.sheets.rejects import Fault
from core.sheets.tables import Row, Table
from gamify.measures import figure_cells
from gamify.measures.figure_columns import VOCABULARY, Field

READERS: Mapping[Field, Callable[[str], Any]] = {
    Field.NUMBER: employee_numbers.read,
    Field.VOLUME: figure_cells.volume,
    Field.ON_DUTY: figure_cells.minutes,
    Field.SCHEDULED: figure_cells.minutes,
    Field.RESOLUTION: figure_cells.rate,
    Field.SATISFACTION: figure_cells.satisfaction,
}


@dataclass
class Entry:
    """What one row says of somebody's day."""

    row: int
    cells: list[str]
    number: str = ""
    day: date | None = None
    values: dict[str, Any] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


@dataclass(frozen=True)
class FigureFile:
    """A file, and what reading it once has found out about it."""

    table: Table
    columns: Columns[Field]
    total: int
    date_order: DateOrder

    def entries(self) -> Iterator[Entry]:
        for row in self.table.rows():
            yield self._read(row)

    def _read(self, row: Row) -> Entry:
        if row.refused:
            return Entry(row.number, row.cells, faults=[Fault("", row.refused)])
        entry, said = Entry(row.number, row.cells), {}
        for field_, place in self.columns.places.items():
            try:
                said[field_] = self._value(field_, row.cells[place])
            except Invalid as refused:
                entry.faults.append(Fault(self.columns.header(field_), refused))
        entry.number, entry.day = said.pop(Field.NUMBER, ""), said.pop(Field.DATE, None)
        entry.values = {name.value: value for name, value in said.items()}
        return entry

    def _value(self, field_: Field, cell: str) -> Any:
        if field_ is not Field.DATE:
            return READERS[field_](cell)
        if not cell:
            raise cells.EmptyCell
        return figure_cells.day(dates.read(cells.plain(cell), self.date_order))


def opened(
    path: Path, *, encoding: Encoding | None = None, date_order: DateOrder | None = None
) -> FigureFile:
    """Read the file once to find out what it is.

    Raises EmptyFile, Workbook, UnknownEncoding, MissingColumns, AmbiguousDates, MixedDateOrders.
    """
    table = tables.opened(path, VOCABULARY.known, encoding)
    columns = VOCABULARY.mapped(table.header.cells)
    evidence, place, total = Evidence(columns.header(Field.DATE)), columns.places[Field.DATE], 0
    for row in table.rows():
        total += 1
        if not row.refused:
            evidence.see(cells.plain(row.cells[place]))
    return FigureFile(table, columns, total, date_order or dates.orders([evidence])[0])
