"""Honour rolls: the first three of the period that closed last, and a picture of them."""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from core import clock, settings
from core.crypto import signing
from core.database.sql import Statement
from core.drawing import easel
from core.drawing.canvas import Canvas, Style
from core.drawing.fonts import BOLD, MEDIUM
from core.errors import NotFound
from core.text import Language, Text
from gamify.boards import places
from gamify.boards.boards import KINDS, Board, Kind, Measure, PrivateMeasure, Scope
from gamify.boards.places import Place
from gamify.boards.spans import DAY, Span

LAST_RANK = 3
MOST = 10  # who share these ranks
SHOWN_FOR = timedelta(hours=1)

WIDTH, HEIGHT = 750, 1000  # pixels
TALL = 110  # so that a name may have two lines
INK, FAINT, PAPER = "#3b322d", "#7a6d64", ("#fff6da", "#fbdc8e")
MEDALS = {1: "#cf9a1f", 2: "#8d99a6", 3: "#a8683a"}

TITLES = {
    Measure.POINTS: Text("Most points", "积分榜", "點數榜"),
    Measure.THANKS: Text("Most thanked", "感谢榜", "感謝榜"),
    Measure.ANSWERS: Text("Best answers", "解答榜", "解答榜"),
    Measure.VOLUME: Text("Contacts in an hour", "效率榜", "效率榜"),
    Measure.HOURS: Text("On duty as planned", "出勤榜", "出勤榜"),
    Measure.RESOLUTION: Text("Resolved at once", "首解榜", "首解榜"),
    Measure.SATISFACTION: Text("Happiest callers", "满意榜", "滿意榜"),
}
SPANS = {
    Span.DAY: Text("of the day", "日榜", "日榜"),
    Span.WEEK: Text("of the week", "周榜", "週榜"),
    Span.MONTH: Text("of the month", "月榜", "月榜"),
}
SOMEBODY = Text("A colleague", "一位同事", "一位同事")
NOBODY_YET = Text("Nobody this time", "这次还没有人上榜", "這次還沒有人上榜")


class NoSuchRoll(NotFound):
    text = Text("There is no such honour roll.", "光荣榜不存在。", "光榮榜不存在。")


CLOSED = Statement(
    """
    SELECT board.* FROM board WHERE id = ANY(:boards) AND closed_at IS NOT NULL
    ORDER BY begins_on DESC LIMIT 1
    """,
    Board,
)


class HonourRoll(NamedTuple):
    board: Board
    places: Sequence[Place]

    @property
    def measure(self) -> Measure:
        return self.board.measure

    @property
    def span(self) -> Span:
        return self.board.span

    @property
    def scope(self) -> Scope:
        return self.board.scope

    @property
    def begins_on(self) -> date:
        return self.board.begins_on

    @property
    def ends_on(self) -> date:
        return self.board.ends_on


class Sheet(NamedTuple):
    """What is written on the picture."""

    title: str
    dates: str
    lines: tuple[tuple[int, str, str], ...]
    empty: str
    language: Language


async def last(kind: Kind) -> HonourRoll:
    """Of the period that closed last. Raises NoSuchRoll, PrivateMeasure."""
    if kind not in KINDS:
        raise PrivateMeasure
    ended = kind.on(kind.on(clock.business_date()).begins_on - DAY)
    before = kind.on(ended.begins_on - DAY)
    for (board,) in await CLOSED.rows(boards=[ended.id, before.id]):
        return await _of(board)
    raise NoSuchRoll


async def urls(rolls: Sequence[HonourRoll], *, language: Language) -> list[str]:
    """Where the picture is read for about an hour by whoever has the link."""
    return [_url(f"/honour-rolls/{roll.board.id.hex}-{language}.png") for roll in rolls]


async def picture(name: str) -> bytes:
    """A PNG, by the last part of its path. Raises NoSuchRoll."""
    id, _, language = name.removesuffix(".png").partition("-")
    board = await Board.get_or_none(id=UUID(hex=id), closed_at__isnull=False)
    if board is None:
        raise NoSuchRoll
    return await easel.drawn(_draw, _sheet(await _of(board), language))  # type: ignore[arg-type]  # signed by us


async def _of(board: Board) -> HonourRoll:
    [standing] = await places.of(board.kind, board.period, MOST)
    return HonourRoll(board, [one for one in standing.places if one.rank <= LAST_RANK])


def _url(path: str) -> str:
    signed = signing.sign(path, expires=clock.now() + SHOWN_FOR)
    return f"{settings.current().public_url}{path}?{signed}"


def _sheet(roll: HonourRoll, language: Language) -> Sheet:
    named = [(one.rank, _name(one, language), _figure(one.score)) for one in roll.places]
    dates = " – ".join(f"{day:%Y-%m-%d}" for day in {roll.begins_on: 0, roll.ends_on: 0})
    return Sheet(
        title=TITLES[roll.measure].to(language),
        dates=f"{SPANS[roll.span].to(language)} · {dates}",
        lines=tuple(named),
        empty=NOBODY_YET.to(language),
        language=language,
    )


def _name(place: Place, language: Language) -> str:
    owner = place.person or place.team
    return owner.name if owner else SOMEBODY.to(language)


def _figure(score: float) -> str:
    return f"{score:.2f}".rstrip("0").rstrip(".")


@lru_cache(maxsize=32)
def _draw(sheet: Sheet) -> bytes:
    canvas = Canvas(WIDTH, HEIGHT, *PAPER)
    of = sheet.language
    middle = (40, 70, WIDTH - 40, 150)
    canvas.text(sheet.title, middle, Style(48, INK, BOLD, of), align="center")
    canvas.text(
        sheet.dates, (40, 150, WIDTH - 40, 200), Style(28, FAINT, language=of), align="center"
    )
    if not sheet.lines:
        canvas.text(
            sheet.empty, (40, 440, WIDTH - 40, 520), Style(36, FAINT, MEDIUM, of), align="center"
        )
    step = min(140, (HEIGHT - 280) // max(len(sheet.lines), 1))
    for number, line in enumerate(sheet.lines):
        top = 240 + number * step
        _draw_line(canvas, line, (top, top + step), of)
    return canvas.png()


def _draw_line(
    canvas: Canvas, line: tuple[int, str, str], within: tuple[int, int], of: Language
) -> None:
    (rank, name, score), (top, bottom) = line, within
    canvas.disc((90, top + 30), 30, MEDALS[rank])
    canvas.text(
        str(rank), (60, top + 9, 120, top + 60), Style(30, "#ffffff", BOLD, of), align="center"
    )
    box, several = (150, top + 4, WIDTH - 250, bottom), 2 if bottom - top > TALL else 1
    canvas.text(name, box, Style(36, INK, MEDIUM, of), lines=several)
    box = WIDTH - 240, top + 4, WIDTH - 50, bottom
    canvas.text(score, box, Style(36, INK, BOLD, of), align="right")
