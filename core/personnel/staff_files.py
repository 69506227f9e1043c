"""Staff files: what HR knows of each employee, row by row, from a file as HR sends it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from core import phones
from core.errors import Invalid
from core.people import HireChannel
from core.personnel import employee_numbers, hire_channels, staff_surveys
from core.personnel.staff_columns import VOCABULARY, Field
from core.personnel.staff_surveys import Survey
from core.sheets import cells, dates, tables
from core.sheets.columns import Columns
from core.sheets.dates import DateOrder
from core.sheets.encodings import Encoding
from core.sheets.rejects import Fault, Reject
from core.sheets.tables import Row, Table
from core.text import Text

LONGEST_NAME = 80  # of people, teams and departments


class RepeatedNumber(Invalid):
    text = Text(
        "Several rows claim the number {number}: {rows}.",
        "多行使用同一工号 {number}：第 {rows} 行。",
        "多列使用同一工號 {number}：第 {rows} 列。",
    )


class LeftBeforeHired(Invalid):
    text = Text(
        "Left on {left_on}, before being hired on {hired_on}.",
        "离职日期 {left_on} 早于入职日期 {hired_on}。",
        "離職日期 {left_on} 早於入職日期 {hired_on}。",
    )


class ReportingCircle(Invalid):
    text = Text(
        "Each reports to the next: {circle}.",
        "汇报关系成环：{circle}。",
        "匯報關係成環：{circle}。",
    )


class Employee(NamedTuple):
    """What one row says, and nothing where it says nothing."""

    row: int
    number: str
    name: str
    department: str | None = None
    team: str | None = None
    phone: str | None = None
    hired_on: date | None = None
    hire_channel: HireChannel = HireChannel.OTHER
    left_on: date | None = None
    hr: bool = False
    supervisor: bool = False
    manager: str | None = None
    cells: tuple[str, ...] = ()


@dataclass(frozen=True)
class StaffFile:
    """A file, and what reading it once has found out about it."""

    table: Table
    columns: Columns[Field]
    date_orders: Mapping[Field, DateOrder]
    survey: Survey

    def rows(self) -> Iterator[Employee | Reject]:
        readers = READERS | {f: partial(_date, order=o) for f, o in self.date_orders.items()}
        wanted = [(field, place, readers[field]) for field, place in self.columns.places.items()]
        for row in self.table.rows():
            yield self._read(row, wanted)

    def _read(self, row: Row, wanted: list["Wanted"]) -> Employee | Reject:
        if row.refused:
            return Reject(row.number, row.cells, [Fault("", row.refused)])
        said, faults = self._said(row, wanted)
        if not faults:
            employee = Employee(row=row.number, cells=tuple(row.cells), **said)
            faults = list(self._contradictions(employee))
        return Reject(row.number, row.cells, faults) if faults else employee

    def _said(self, row: Row, wanted: list["Wanted"]) -> tuple[dict[str, Any], list[Fault]]:
        said, faults = {}, []
        for field, place, reader in wanted:
            try:
                said[field.value] = reader(row.cells[place])
            except Invalid as refused:
                faults.append(Fault(self.columns.header(field), refused))
        return said, faults

    def _contradictions(self, employee: Employee) -> Iterator[Fault]:
        number, hired_on, left_on = employee.number, employee.hired_on, employee.left_on
        if rows := self.survey.repeated.get(number):
            repeated = RepeatedNumber(number=number, rows=", ".join(map(str, rows)))
            yield Fault(self.columns.header(Field.NUMBER), repeated)
        if hired_on and left_on and left_on < hired_on:
            early = LeftBeforeHired(left_on=left_on, hired_on=hired_on)
            yield Fault(self.columns.header(Field.LEFT_ON), early)
        if circle := self.survey.circles.get(number):
            turning = ReportingCircle(circle=" → ".join([*circle, circle[0]]))
            yield Fault(self.columns.header(Field.MANAGER), turning)


def opened(
    path: Path, *, encoding: Encoding | None = None, date_order: DateOrder | None = None
) -> StaffFile:
    """Read the file once to find out what it is.

    Raises EmptyFile, Workbook, UnknownEncoding, MissingColumns, AmbiguousDates, MixedDateOrders.
    """
    table = tables.opened(path, VOCABULARY.known, encoding)
    columns = VOCABULARY.mapped(table.header.cells)
    survey = staff_surveys.made(table, columns)
    orders = dict.fromkeys(survey.dates, date_order) if date_order else survey.date_orders()
    return StaffFile(table, columns, orders, survey)


def _name(cell: str) -> str:
    name = cells.text(cell, limit=LONGEST_NAME)
    if not name:
        raise cells.EmptyCell
    return name


def _words(cell: str) -> str | None:
    return cells.text(cell, limit=LONGEST_NAME) or None


def _phone(cell: str) -> str | None:
    return phones.e164(cell) if cell else None


def _date(cell: str, order: DateOrder) -> date | None:
    return dates.read(cells.plain(cell), order) if cell else None


def _manager(cell: str) -> str | None:
    return employee_numbers.read(cell) if cell else None


Reader = Callable[[str], object]
Wanted = tuple[Field, int, Reader]

READERS: dict[Field, Reader] = {
    Field.NUMBER: employee_numbers.read,
    Field.NAME: _name,
    Field.DEPARTMENT: _words,
    Field.TEAM: _words,
    Field.PHONE: _phone,
    Field.HIRE_CHANNEL: hire_channels.channel,
    Field.HR: cells.yes,
    Field.SUPERVISOR: cells.yes,
    Field.MANAGER: _manager,
}
