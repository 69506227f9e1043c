"""Tables: the rows of a delimited text file, whatever encoding and separator it came in."""

import csv
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO, NamedTuple, TextIO

from core.errors import Invalid
from core.sheets import cells, encodings
from core.sheets.encodings import Encoding
from core.text import Text

SEPARATORS = (",", "\t", ";", "|")
HEAD = 4096  # bytes, and ...
SAMPLE = 65_536  # ... bytes beyond ASCII, that tell the encoding
LONGEST = 131_072  # characters of a line, and ...
SHOWN = 200  # of those when it is longer, and ...
TALLEST = 20  # ... lines of a row: a quotation mark that never closes ends here
SEARCHED = 20  # rows in which the header is looked for


class EmptyFile(Invalid):
    text = Text("This file is empty.", "文件是空的。", "檔案是空的。")


class Workbook(Invalid):
    text = Text(
        "This is a workbook; save it as CSV first.",
        "这是工作簿文件，请先另存为 CSV。",
        "這是活頁簿檔案，請先另存為 CSV。",
    )


class BrokenRow(Invalid):
    text = Text(
        "The row cannot be read: a quotation mark is not closed, or it is too long.",
        "无法读取这一行：引号没有成对，或内容过长。",
        "無法讀取這一列：引號沒有成對，或內容過長。",
    )


class TooManyCells(Invalid):
    text = Text(
        "The row has more cells than the header.",
        "这一行的单元格比表头多。",
        "這一列的儲存格比表頭多。",
    )


WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


class Row(NamedTuple):
    """`number` is the one a spreadsheet shows beside it."""

    number: int
    cells: list[str]
    refused: Invalid | None = None


@dataclass(frozen=True)
class Table:
    path: Path
    encoding: Encoding
    separator: str
    header: Row

    def rows(self) -> Iterator[Row]:
        """Every row below the header in which something stands."""
        for row in _rows(self.path, self.encoding, self.separator):
            if row.number > self.header.number and not _blank(row):
                yield self._fitted(row)

    def _fitted(self, row: Row) -> Row:
        width = len(self.header.cells)
        missing = width - len(row.cells)
        if any(row.cells[width:]):
            return row._replace(refused=TooManyCells())
        return row._replace(cells=row.cells[:width] + [""] * missing)


def opened(path: Path, known: Callable[[list[str]], int], encoding: Encoding | None) -> Table:
    """The table in which `known` knows most of the header's cells.

    Raises EmptyFile, Workbook, UnknownEncoding.
    """
    encoding = encoding or _encoding(path)
    readings = [
        (known(row.cells), separator, row)
        for separator in SEPARATORS
        for row in islice(_rows(path, encoding, separator), SEARCHED)
        if not _blank(row)
    ]
    if not readings:
        raise EmptyFile
    _, separator, header = max(readings, key=lambda reading: reading[0])
    return Table(path, encoding, separator, header)


def _encoding(path: Path) -> Encoding:
    with path.open("rb") as file:
        head = file.read(HEAD)
        if head.startswith(WORKBOOKS):
            raise Workbook
        file.seek(0)
        return encodings.marked(head) or encodings.guessed(_sample(file))


def _sample(file: BinaryIO) -> bytes:
    """What stands beyond ASCII, wherever it begins: the first such name may come late."""
    sample = bytearray()
    while len(sample) < SAMPLE and (line := file.readline(LONGEST)):
        if not line.isascii():
            sample += line
    return bytes(sample)


def _rows(path: Path, encoding: Encoding, separator: str) -> Iterator[Row]:
    with path.open(encoding=encoding.codec, errors="replace") as text:
        lines = _Lines(text)
        number = 1
        while first := lines.take():
            yield _row(number, first, lines, separator)
            number += 1


class _Lines:
    """Lines of bounded length, some of which may be put back."""

    def __init__(self, text: TextIO) -> None:
        self._text = text
        self._waiting: deque[str] = deque()
        self._first = True

    def take(self) -> str:
        """Empty at the end of the text."""
        if self._waiting:
            return self._waiting.popleft()
        line = self._text.readline(LONGEST)
        if self._first:
            self._first, line = False, line.removeprefix("\ufeff")
        return line

    def skip(self) -> None:
        """Leave out what follows on a line too long to be taken whole."""
        while (line := self._text.readline(LONGEST)) and not line.endswith("\n"):
            pass

    def put_back(self, lines: list[str]) -> None:
        self._waiting.extendleft(reversed(lines))


def _row(number: int, first: str, lines: _Lines, separator: str) -> Row:
    """The row that begins on this line; if it cannot be read, the next line begins another."""
    if len(first) == LONGEST and not first.endswith("\n"):
        lines.skip()
        return Row(number, [first[:SHOWN]], BrokenRow())
    taken = [first]
    while (found := _cells(taken, separator)) is None:
        line = lines.take() if len(taken) < TALLEST else ""
        if not line:
            lines.put_back(taken[1:])
            return Row(number, [first.strip()], BrokenRow())
        taken.append(line)
    return Row(number, found)


def _cells(lines: list[str], separator: str) -> list[str] | None:
    try:
        row = next(csv.reader(lines, delimiter=separator, strict=True))
    except csv.Error:
        return None
    return [cells.clean(cell) for cell in row]


def _blank(row: Row) -> bool:
    return not any(row.cells)
