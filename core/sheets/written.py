"""Written sheets: rows as a file that spreadsheets open, in which nothing is run."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

from core.sheets import cells

BOM = "\ufeff"  # by which Excel knows UTF-8


def sheet(rows: Iterable[Sequence[str]]) -> str:
    text = StringIO(BOM, newline="")
    text.seek(len(BOM))
    csv.writer(text).writerows(map(cells.harmless, row) for row in rows)
    return text.getvalue()
