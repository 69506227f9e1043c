from datetime import UTC, date, datetime
from io import BytesIO
from xml.etree import ElementTree as ET
from zipfile import ZipFile

from core.sheets.workbooks import Sheet, written

NS = {"x": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


def part(book: bytes, name: str) -> ET.Element:
    with ZipFile(BytesIO(book)) as zip:
        return ET.fromstring(zip.read(name))  # noqa: S314  # our own file


def cells(book: bytes) -> list[list[str | None]]:
    """What each row of the first sheet holds, texts looked up."""
    texts = ["".join(one.itertext()) for one in part(book, "xl/sharedStrings.xml")]
    rows = part(book, "xl/worksheets/sheet1.xml").iterfind(".//x:row", NS)
    return [[_value(cell, texts) for cell in row] for row in rows]


def _value(cell: ET.Element, texts: list[str]) -> str | None:
    value = cell.findtext("x:v", namespaces=NS)
    return texts[int(value)] if value and cell.get("t") == "s" else value


def test_a_table_is_written_with_its_header():
    rows = [
        ["内推", 20, 0.75, date(2026, 11, 22)],
        ["Campus", None, None, datetime(2026, 11, 22, 12, tzinfo=UTC)],
    ]
    book = written([Sheet("留存", ["渠道", "n", "share", "on"], rows, shares=[2])])

    assert cells(book) == [
        ["渠道", "n", "share", "on"],
        ["内推", "20", "0.75", "46348"],
        ["Campus", "46348.5"],
    ]
    assert part(book, "xl/workbook.xml").find(".//x:sheet", NS).get("name") == "留存"


def test_nothing_that_stands_in_a_cell_is_run():
    dangerous = ["=1+1", "+1", "-1", "@SUM(A1)", "http://example.com", '=HYPERLINK("x")']
    book = written([Sheet("a", ["text"], [[one] for one in dangerous])])

    assert [row[0] for row in cells(book)] == ["text", *dangerous]
    sheet = part(book, "xl/worksheets/sheet1.xml")
    assert sheet.find(".//x:f", NS) is None
    assert sheet.find(".//x:hyperlink", NS) is None


def test_any_name_can_be_given_to_a_sheet():
    book = written([Sheet("a/b: [" + "x" * 40, ["text"], [])])
    assert (
        part(book, "xl/workbook.xml").find(".//x:sheet", NS).get("name")
        == "a b" + " " * 3 + "x" * 25
    )
