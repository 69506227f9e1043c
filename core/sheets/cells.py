"""Cells: what spreadsheets put around a value, and what a value may not hold."""

import re
from unicodedata import normalize

from core.errors import Invalid
from core.text import Text

FORMULA = tuple("=+-@＝＋－＠")
UNREADABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffd\ufffe\uffff\ud800-\udfff]")
INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")

WRAPPING = ("=", "'")
APOSTROPHE = re.compile(r"'(?=[=+\-@＝＋－＠0-9])")  # says that what follows is text


class EmptyCell(Invalid):
    text = Text(
        "Nothing stands here, and it is needed.", "此处为空，但必须填写。", "此處為空，但必須填寫。"
    )


class UnreadableCell(Invalid):
    text = Text("Some of these characters are damaged.", "其中有损坏的字符。", "其中有損壞的字元。")


class FormulaCell(Invalid):
    text = Text(
        "It begins with = + - or @, as formulas do.",
        "以 = + - @ 开头，像是公式。",
        "以 = + - @ 開頭，像是公式。",
    )


class LongCell(Invalid):
    text = Text(
        "It is longer than {limit} characters.", "超过 {limit} 个字符。", "超過 {limit} 個字元。"
    )


class NeitherYesNorNo(Invalid):
    text = Text(
        "“{cell}” is neither yes nor no.",
        "“{cell}”不是“是”或“否”。",
        "「{cell}」不是「是」或「否」。",
    )


YES = frozenset(("是", "有", "对", "對", "y", "yes", "true", "t", "1", "x", "√", "✓", "✔", "☑"))
NO = frozenset(("", "否", "无", "無", "不是", "n", "no", "false", "f", "0", "-", "×", "✗", "☐"))


def clean(cell: str) -> str:
    """The text itself: without the wrapping that keeps leading zeros, and blanks around it."""
    if not cell.isascii():
        cell = INVISIBLE.sub("", cell)
    cell = cell.strip()
    if not cell.startswith(WRAPPING):
        return cell
    if cell.startswith('="') and cell.endswith('"') and '"' not in cell[2:-1]:
        cell = cell[2:-1].strip()
    return cell[1:] if APOSTROPHE.match(cell) else cell


def text(cell: str, *, limit: int) -> str:
    """Words for people. Raises UnreadableCell, FormulaCell, LongCell."""
    if UNREADABLE.search(cell):
        raise UnreadableCell
    words = " ".join(cell.split())
    if words.startswith(FORMULA):
        raise FormulaCell
    if len(words) > limit:
        raise LongCell(limit=limit)
    return words


def plain(cell: str) -> str:
    """A figure or a code, full width made narrow."""
    return cell if cell.isascii() else normalize("NFKC", cell).strip()


def yes(cell: str) -> bool:
    """Raises NeitherYesNorNo."""
    answer = plain(cell).casefold()
    if answer in YES:
        return True
    if answer in NO:
        return False
    raise NeitherYesNorNo(cell=cell)


def harmless(cell: str) -> str:
    """For a spreadsheet: a cell that would be run as a formula is shown as text."""
    return f"'{cell}" if cell.lstrip().startswith(FORMULA) else cell
