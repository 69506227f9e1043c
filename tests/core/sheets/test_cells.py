import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.sheets import cells
from core.sheets.cells import FormulaCell, LongCell, NeitherYesNorNo, UnreadableCell

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("cell", "cleaned"),
    [
        ("\t18481736050", "18481736050"),
        ('="00123"', "00123"),
        ("'00123", "00123"),
        ("'+86 138", "+86 138"),
        ("　张伟\u200b ", "张伟"),
        ("'t Hooft", "'t Hooft"),
        ('=A1&"x"', '=A1&"x"'),
        ("", ""),
    ],
)
def test_wrapping_is_taken_off_and_the_rest_kept(cell, cleaned):
    assert cells.clean(cell) == cleaned


@pytest.mark.parametrize("name", ["㛃𠮷𣲗", "欧阳娜娜", "José García", "阿卜杜拉·买买提", "﨑"])
def test_rare_characters_are_kept_as_they_are(name):
    assert cells.text(name, limit=80) == name


@pytest.mark.parametrize(
    ("cell", "refused"),
    [
        ('=HYPERLINK("http://x")', FormulaCell),
        ("+1", FormulaCell),
        ("-1", FormulaCell),
        ("@SUM(A1)", FormulaCell),
        ("＝1+1", FormulaCell),
        ("张\ufffd", UnreadableCell),
        ("张\x00伟", UnreadableCell),
        ("张" * 81, LongCell),
    ],
)
def test_what_is_no_name_is_refused(cell, refused):
    with pytest.raises(refused):
        cells.text(cell, limit=80)


@pytest.mark.parametrize(
    ("cell", "answer"), [("是", True), ("Ｙｅｓ", True), ("1", True), ("", False), ("否", False)]
)
def test_yes_and_no_have_many_spellings(cell, answer):
    assert cells.yes(cell) is answer


def test_maybe_is_neither_yes_nor_no():
    with pytest.raises(NeitherYesNorNo):
        cells.yes("也许")


@given(st.text())
def test_no_cell_written_for_a_spreadsheet_begins_as_a_formula(cell):
    assert not cells.harmless(cell).lstrip().startswith(cells.FORMULA)
