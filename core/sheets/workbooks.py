"""Workbooks: tables as Excel opens them, in which nothing is run that stands in a cell."""

from collections.abc import Sequence
from datetime import date, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

LONGEST_NAME = 31  # characters of a sheet's name
NOT_IN_NAMES = str.maketrans("[]:*?/\\'", "        ")
SAFE = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": False,
    "remove_timezone": True,
}
WIDEST = 50  # characters of a column that is made as wide as what stands in it

Cell = str | int | float | bool | date | None


class Sheet(NamedTuple):
    """A table with its header; `shares` are the columns whose figures are shown in per cent."""

    name: str
    header: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    shares: Sequence[int] = ()


def written(sheets: Sequence[Sheet]) -> bytes:
    """Moments are written in UTC, since cells know no time zones."""
    from xlsxwriter import Workbook  # noqa: PLC0415  # few need it, and it takes 0.1 s

    file = BytesIO()
    with Workbook(file, SAFE) as book:
        header = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        formats = {
            date: book.add_format({"num_format": "yyyy-mm-dd"}),
            datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
            float: book.add_format({"num_format": "0.0%"}),
        }
        for sheet in sheets:
            page = book.add_worksheet(_name(sheet.name))
            page.freeze_panes(1, 0)
            page.write_row(0, 0, sheet.header, header)
            _fill(page, sheet, formats)
    return file.getvalue()


def _fill(page: "Worksheet", sheet: Sheet, formats: dict[type, Any]) -> None:
    for place, title in enumerate(sheet.header):
        cells = [row[place] for row in sheet.rows]
        page.set_column(place, place, _width([title, *cells]))
        for row, cell in enumerate(cells, 1):
            is_plain = isinstance(cell, float) and place not in sheet.shares
            page.write(row, place, cell, None if is_plain else formats.get(type(cell)))


def _width(cells: Sequence[Cell]) -> int:
    """In characters, of which a Chinese one takes two."""
    texts = (str(cell) for cell in cells if cell is not None)
    widest = max(sum(1 + (char > "\u2e7f") for char in text) for text in texts)
    return min(widest, WIDEST) + 2


def _name(name: str) -> str:
    return name.translate(NOT_IN_NAMES).strip()[:LONGEST_NAME]
