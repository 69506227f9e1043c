"""Dates as people write them: which order a column keeps, and what day a cell means."""

import re
from datetime import date
from enum import StrEnum

from core.errors import Invalid
from core.text import Text


class DateOrder(StrEnum):
    YEAR_FIRST = "ymd"
    DAY_FIRST = "dmy"
    MONTH_FIRST = "mdy"


class NotADate(Invalid):
    text = Text(
        "“{cell}” is no date (such as 2025-09-16).",
        "“{cell}”不是有效日期（例如 2025-09-16）。",
        "「{cell}」不是有效日期（例如 2025-09-16）。",
    )


class AmbiguousDates(Invalid):
    text = Text(
        "The column {column} may begin with the day or the month (“{cell}”); say it with "
        "--date-order dmy or mdy.",
        "“{column}”列的日期可能是日在前，也可能是月在前（“{cell}”），请用 --date-order dmy "
        "或 mdy 指明。",
        "「{column}」欄的日期可能是日在前，也可能是月在前（「{cell}」），請用 --date-order dmy "
        "或 mdy 指明。",
    )


class MixedDateOrders(Invalid):
    text = Text(
        "The column {column} has dates with the day first (“{day}”) and with the month first "
        "(“{month}”); say with --date-order which ones to take.",
        "“{column}”列既有日在前的日期（“{day}”），也有月在前的日期（“{month}”），"
        "请用 --date-order 指明采用哪一种。",
        "「{column}」欄既有日在前的日期（「{day}」），也有月在前的日期（「{month}」），"
        "請用 --date-order 指明採用哪一種。",
    )


MIDNIGHT = r"(?:[ T]0{1,2}:00(?::00(?:\.0+)?)?)?"
YEAR_FIRST = re.compile(rf"(\d{{4}})([-/.年])(\d{{1,2}})[-/.月](\d{{1,2}})日?{MIDNIGHT}", re.ASCII)
YEAR_LAST = re.compile(rf"(\d{{1,2}})([-/.])(\d{{1,2}})\2(\d{{4}}){MIDNIGHT}", re.ASCII)
COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)", re.ASCII)
YEARS = range(1950, 2100)
MONTHS = 12


def read(cell: str, order: DateOrder) -> date:
    """Raises NotADate."""
    try:
        year, month, day = _parts(cell, order)
        found = date(year, month, day)
    except ValueError:
        raise NotADate(cell=cell) from None
    if found.year not in YEARS:
        raise NotADate(cell=cell)
    return found


def _parts(cell: str, order: DateOrder) -> tuple[int, int, int]:
    if match := YEAR_FIRST.fullmatch(cell):
        year, _, month, day = match.groups()
    elif match := COMPACT.fullmatch(cell):
        year, month, day = match.groups()
    elif match := YEAR_LAST.fullmatch(cell):
        day, _, month, year = match.groups()
        if order is DateOrder.MONTH_FIRST:
            day, month = month, day
        elif order is DateOrder.YEAR_FIRST and int(day) != int(month):
            raise ValueError(cell)
    else:
        raise ValueError(cell)
    return int(year), int(month), int(day)


class Evidence:
    """What the cells of one column say about the order it keeps."""

    def __init__(self, column: str) -> None:
        self.column = column
        self.day_first = self.month_first = self.either = ""

    def see(self, cell: str) -> None:
        match = YEAR_LAST.fullmatch(cell)
        if match is None:
            return
        first, separator, second = int(match[1]), match[2], int(match[3])
        if separator == "." or first > MONTHS >= second:
            self.day_first = self.day_first or cell
        elif second > MONTHS >= first:
            self.month_first = self.month_first or cell
        elif first != second and max(first, second) <= MONTHS:
            self.either = self.either or cell

    def order(self) -> DateOrder | None:
        """None when only its neighbours can tell. Raises MixedDateOrders."""
        if self.day_first and self.month_first:
            raise MixedDateOrders(column=self.column, day=self.day_first, month=self.month_first)
        if self.day_first:
            return DateOrder.DAY_FIRST
        if self.month_first:
            return DateOrder.MONTH_FIRST
        return None if self.either else DateOrder.YEAR_FIRST


def orders(columns: list[Evidence]) -> list[DateOrder]:
    """The order of each column; where a column is silent, that of its neighbours.

    Raises MixedDateOrders, AmbiguousDates.
    """
    told = [column.order() for column in columns]
    neighbours = {order for order in told if order and order is not DateOrder.YEAR_FIRST}
    return [
        order or _lent(column, [*neighbours]) for column, order in zip(columns, told, strict=True)
    ]


def _lent(column: Evidence, neighbours: list[DateOrder]) -> DateOrder:
    if len(neighbours) != 1:
        raise AmbiguousDates(column=column.column, cell=column.either)
    return neighbours[0]
