from pathlib import Path

import pytest

from core.sheets import tables
from core.sheets.encodings import Encoding
from core.sheets.tables import BrokenRow, EmptyFile, TooManyCells, Workbook

pytestmark = pytest.mark.once

HEADERS = {"工号", "姓名"}


def known(cells: list[str]) -> int:
    return len(HEADERS & set(cells))


@pytest.fixture
def opened(tmp_path: Path):
    def open_(text: str, encoding: str = "utf-8") -> tables.Table:
        path = tmp_path / "table.csv"
        path.write_bytes(text.encode(encoding))
        return tables.opened(path, known, None)

    return open_


@pytest.mark.parametrize("separator", [",", "\t", ";", "|"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    ("encoding", "found"),
    [
        ("utf-8", Encoding.UTF_8),
        ("utf-8-sig", Encoding.UTF_8),
        ("utf-16", Encoding.UTF_16_LE),
        ("utf-16-be", Encoding.UTF_16_BE),
        ("gb18030", Encoding.GB18030),
    ],
)
def test_encoding_and_separator_are_found_out(opened, separator, newline, encoding, found):
    table = opened(f'"工号"{separator}姓名{newline}1{separator}张伟{newline}', encoding)
    assert (table.encoding, table.separator, table.header.number) == (found, separator, 1)
    assert [row.cells for row in table.rows()] == [["1", "张伟"]]


def test_a_title_above_the_header_is_passed_over(opened):
    table = opened("员工花名册,,2026年11月\n\n工号,姓名\n1,张伟\n")
    assert table.header.number == 3
    assert [(row.number, row.cells) for row in table.rows()] == [(4, ["1", "张伟"])]


def test_rows_in_which_nothing_stands_are_left_out_and_counted(opened):
    table = opened("工号,姓名\n,\n\n 　,\n5,张伟\n")
    assert [(row.number, row.cells) for row in table.rows()] == [(5, ["5", "张伟"])]


def test_a_cell_may_hold_separators_quotes_and_line_breaks(opened):
    table = opened('工号,姓名,备注\n1,张伟,"早班,\n""晚班"""\n2,王芳,\n')
    assert [(row.number, row.cells) for row in table.rows()] == [
        (2, ["1", "张伟", '早班,\n"晚班"']),
        (3, ["2", "王芳", ""]),
    ]


def test_a_quotation_mark_that_never_closes_spoils_its_own_row_only(opened):
    rest = [[str(n), "张伟"] for n in range(100)]
    lines = ['0,"王芳', *(",".join(cells) for cells in rest)]
    broken, *others = opened("工号,姓名\n" + "\n".join(lines)).rows()
    assert isinstance(broken.refused, BrokenRow)
    assert broken.cells == ['0,"王芳', ""]
    assert [row.cells for row in others] == rest


def test_an_endless_line_is_one_broken_row(opened):
    endless, good = opened("工号,姓名\n1," + "张" * 300_000 + "\n2,王芳\n").rows()
    assert isinstance(endless.refused, BrokenRow)
    assert len(endless.cells[0]) == 200
    assert (good.number, good.cells, good.refused) == (3, ["2", "王芳"], None)


def test_a_short_row_is_filled_and_a_long_one_refused(opened):
    short, trailing, long = opened("工号,姓名\n1\n2,王芳,,\n3,张伟,早班,\n").rows()
    assert (short.cells, short.refused) == (["1", ""], None)
    assert (trailing.cells, trailing.refused) == (["2", "王芳"], None)
    assert isinstance(long.refused, TooManyCells)


def test_a_name_beyond_ascii_far_down_still_tells_the_encoding(opened):
    table = opened("工号,Name\n".replace("工号", "No") + "1,Ann\n" * 20_000 + "2,张伟\n", "gb18030")
    assert table.encoding is Encoding.GB18030


def test_a_workbook_is_refused(tmp_path):
    path = tmp_path / "staff.xlsx"
    path.write_bytes(b"PK\x03\x04\x14\x00\x06\x00")
    with pytest.raises(Workbook):
        tables.opened(path, known, None)


@pytest.mark.parametrize("text", ["", "\n\n", "\ufeff", " \n\t\n"])
def test_a_file_in_which_nothing_stands_is_refused(opened, text):
    with pytest.raises(EmptyFile):
        opened(text)
