"""Figure cells: numbers as people and systems write them."""

import re
from datetime import date

from core import clock
from core.errors import Invalid
from core.sheets import cells
from core.text import Text

NUMBER = re.compile(r"\d{1,9}(?:,\d{3}){0,3}(?:\.\d{1,6})?", re.ASCII)
MOST_CONTACTS, DAY_MINUTES, BEST = 100_000, 24 * 60, 5
WHOLE = 10_000


class NotAFigure(Invalid):
    text = Text("“{cell}” is no number.", "“{cell}”不是数字。", "「{cell}」不是數字。")


class FigureTooLarge(Invalid):
    text = Text(
        "“{cell}” is more than there can be ({most}).",
        "“{cell}”超出了上限（{most}）。",
        "「{cell}」超出了上限（{most}）。",
    )


class DayToCome(Invalid):
    text = Text("{day} has yet to come.", "{day} 还没有到。", "{day} 還沒有到。")


def volume(cell: str) -> int:
    """Contacts."""
    found = _number(cell)
    if found != int(found):
        raise NotAFigure(cell=cell)
    return int(_within(found, MOST_CONTACTS, cell))


def minutes(cell: str) -> int:
    """From hours."""
    hours = re.sub(r"(小时|小時|hours?|h)$", "", cells.plain(cell).casefold()).strip()
    return round(_within(_number(hours) * 60, DAY_MINUTES, cell))


def rate(cell: str) -> int | None:
    """Of 10,000, from a share or from per cent; nothing where nothing stands."""
    plain = cells.plain(cell)
    if not plain:
        return None
    share = _number(plain.rstrip("%").strip()) / (100 if plain.endswith("%") else 1)
    return round(_within(share, 1, cell) * WHOLE)


def satisfaction(cell: str) -> int | None:
    """Hundredths of a grade up to 5."""
    if not cells.plain(cell):
        return None
    return round(_within(_number(cell), BEST, cell) * 100)


def day(found: date) -> date:
    if found > clock.business_date():
        raise DayToCome(day=found)
    return found


def _number(cell: str) -> float:
    plain = cells.plain(cell)
    if not plain:
        raise cells.EmptyCell
    if not NUMBER.fullmatch(plain):
        raise NotAFigure(cell=cell)
    return float(plain.replace(",", ""))


def _within(found: float, most: int, cell: str) -> float:
    if found > most:
        raise FigureTooLarge(cell=cell, most=most // 60 if most == DAY_MINUTES else most)
    return found
