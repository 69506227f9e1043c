"""Posters: a job on one picture, with the code that leads to it, to be shown to friends."""

from collections.abc import Awaitable, Callable
from math import sin

from core.drawing import easel
from core.drawing.canvas import Canvas, Style
from core.drawing.fonts import BOLD, MEDIUM
from core.text import Text
from referrals import sharers
from referrals.links import Link
from referrals.openings import Opening

Drawn = Callable[..., Awaitable[bytes]]

WIDTH, HEIGHT = 750, 1200
EDGE = 64  # from the paper to what stands on it
CODE = 480  # width of a QR code alone

SIZES = {8: 76, 20: 58, 40: 46}  # of a title of so many characters at most
SMALL = 38
FOOT = 836  # where the card with the code begins

DEEP, DARK, CUP = "#0b5d57", "#083f47", "#156a63"
WHITE, PAPER, PALE, SAND, INK = "#ffffff", "#fffaf1", "#cfe5e2", "#ffe2b0", "#22302f"

COME = Text("Come and work with me", "来和我一起工作吧", "來和我一起工作吧")
BROUGHT = Text("{name} thinks of you", "{name} 想到了你", "{name} 想到了你")
SCAN = Text("Scan for the job", "扫码看职位", "掃碼看職缺")
EASY = Text("Two minutes, no résumé needed", "两分钟申请，无需简历", "兩分鐘應徵，無需履歷")
MONTH = Text("a month", "每月", "每月")
HOUSE = Text("Breakroom", "茶水间", "茶水間")


async def poster(link: Link, opening: Opening, *, url: str) -> bytes:
    """A PNG that a phone shows in full width."""
    return await easel.drawn(_poster, opening, await sharers.shown(link), url)


async def qr(link: Link, opening: Opening, *, url: str) -> bytes:
    return await easel.drawn(_qr, url)


def _qr(url: str) -> bytes:
    canvas = Canvas(CODE, CODE, "#ffffff")
    canvas.qr(url, (0, 0, CODE, CODE))
    return canvas.png()


def _poster(opening: Opening, friend: str | None, url: str) -> bytes:
    canvas = Canvas(WIDTH, HEIGHT, DEEP, DARK)
    _cup(canvas)
    below = _head(canvas, opening, friend)
    _about(canvas, opening, below)
    _foot(canvas, opening, url)
    return canvas.png()


def _cup(canvas: Canvas) -> None:
    canvas.arc((632, 126, 706, 200), (0, 360), CUP, 14)
    canvas.block((520, 112, 660, 240), CUP, radius=46)
    canvas.block((520, 112, 660, 170), CUP, radius=8)
    for left in (556, 590, 624):
        steam = [(left + 7 * sin(y / 7), 96 - y) for y in range(48)]
        canvas.line(steam, CUP, 8)


def _head(canvas: Canvas, opening: Opening, friend: str | None) -> float:
    """Who thinks of whom, the job and what it pays; returns where that ends."""
    language, right = opening.language, WIDTH - EDGE
    said = BROUGHT.to(language, name=friend) if friend else COME.to(language)
    canvas.text(HOUSE.to(language), (EDGE, 60, 400, 0), Style(26, PALE, MEDIUM, language))
    y = canvas.text(said, (EDGE, 190, right, 0), Style(38, SAND, MEDIUM, language), lines=2)
    size = next((size for most, size in SIZES.items() if len(opening.title) <= most), SMALL)
    title = Style(size, WHITE, BOLD, language)
    y = canvas.text(opening.title, (EDGE, y + 6, right, 0), title, lines=3)
    place = f"{opening.site} · {opening.team}"
    y = canvas.text(place, (EDGE, y + 8, right, 0), Style(32, PALE, MEDIUM, language), lines=2)
    pay = f"{opening.pay} {MONTH.to(language)}"
    return canvas.text(pay, (EDGE, y + 14, right, 0), Style(48, SAND, BOLD, language), lines=2)


def _about(canvas: Canvas, opening: Opening, y: float) -> None:
    """As many lines as there is room for above the foot."""
    canvas.block((EDGE, y + 18, EDGE + 80, y + 24), SAND, radius=3)
    lines = int((FOOT - 30 - y - 44) / (28 * 1.4))
    words = Style(28, PAPER, language=opening.language)
    if lines > 0:
        canvas.text(opening.about, (EDGE, y + 44, WIDTH - EDGE, 0), words, lines=lines)


def _foot(canvas: Canvas, opening: Opening, url: str) -> None:
    language, code = opening.language, (EDGE - 4, FOOT + 16, EDGE + 280, HEIGHT - 64)
    canvas.block((EDGE - 24, FOOT, WIDTH - EDGE + 24, HEIGHT - 48), WHITE, radius=36)
    canvas.qr(url, code)
    left, right = EDGE + 300, WIDTH - EDGE
    scan, easy = Style(40, DEEP, BOLD, language), Style(26, INK, language=language)
    y = canvas.text(SCAN.to(language), (left, FOOT + 84, right, 0), scan, lines=2)
    canvas.text(EASY.to(language), (left, y + 10, right, 0), easy, lines=2)
