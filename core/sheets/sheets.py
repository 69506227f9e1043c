"""Sheets: one table as a file that spreadsheets open, Chinese and all, and run nothing of."""

from enum import StrEnum

from core.sheets import workbooks, written
from core.sheets.workbooks import Sheet


class SheetFormat(StrEnum):
    XLSX = "XLSX"
    CSV = "CSV"

    @property
    def media_type(self) -> str:
        return workbooks.MEDIA_TYPE if self is SheetFormat.XLSX else "text/csv; charset=utf-8"


def content(table: Sheet, format_: SheetFormat) -> bytes:
    if format_ is SheetFormat.XLSX:
        return workbooks.written([table])
    rows = [["" if cell is None else str(cell) for cell in row] for row in table.rows]
    return written.sheet([table.header, *rows]).encode()
