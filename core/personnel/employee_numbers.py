"""Employee numbers: how HR's files name a person."""

import re

from core.errors import Invalid
from core.sheets import cells
from core.text import Text

NUMBER = re.compile(r"\w[\w./-]{0,39}")


class NotANumber(Invalid):
    text = Text(
        "“{cell}” is no employee number.", "“{cell}”不是有效的工号。", "「{cell}」不是有效的工號。"
    )


def read(cell: str) -> str:
    """Raises EmptyCell, NotANumber."""
    number = cells.plain(cell)
    if not number:
        raise cells.EmptyCell
    if not NUMBER.fullmatch(number):
        raise NotANumber(cell=cell)
    return number
