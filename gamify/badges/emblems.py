"""Emblems: what stands on a badge, drawn around the middle of its disc."""

from collections.abc import Callable
from enum import StrEnum
from math import cos, pi, sin

from core.drawing.canvas import Canvas, Point

X, Y = MIDDLE = (128, 108)


class Icon(StrEnum):
    BULB = "BULB"
    COMPASS = "COMPASS"
    CUP = "CUP"
    HANDS = "HANDS"
    HEART = "HEART"
    MOON = "MOON"
    SHIELD = "SHIELD"
    STAR = "STAR"
    TROPHY = "TROPHY"
    WAVES = "WAVES"


def star(centre: Point, radius: float) -> list[Point]:
    """A star with five points."""
    x, y = centre
    turns = [(n * pi / 5, radius if n % 2 == 0 else radius * 0.45) for n in range(10)]
    return [(x + far * sin(turn), y - far * cos(turn)) for turn, far in turns]


def draw(canvas: Canvas, icon: Icon, ink: str, paper: str) -> None:
    EMBLEMS[icon](canvas, ink, paper)


def _bulb(canvas: Canvas, ink: str, paper: str) -> None:
    canvas.disc((X, Y - 10), 36, ink)
    canvas.shape([(X - 24, Y + 14), (X + 24, Y + 14), (X + 16, Y + 34), (X - 16, Y + 34)], ink)
    for y in (38, 48):
        canvas.block((X - 15, Y + y, X + 15, Y + y + 6), ink, radius=3)
    canvas.line([(X - 12, Y - 8), (X, Y + 6), (X + 12, Y - 8)], paper, 5)


def _compass(canvas: Canvas, ink: str, paper: str) -> None:
    canvas.disc(MIDDLE, 48, ink)
    canvas.disc(MIDDLE, 39, paper)
    canvas.shape([(X + 25, Y - 25), (X + 9, Y + 9), (X - 25, Y + 25), (X - 9, Y - 9)], ink)
    canvas.disc(MIDDLE, 6, paper)


def _cup(canvas: Canvas, ink: str, paper: str) -> None:
    canvas.arc((X + 16, Y - 12, X + 56, Y + 26), (270, 450), ink, 9)
    canvas.block((X - 44, Y - 18, X + 34, Y + 44), ink, radius=18)
    canvas.block((X - 44, Y - 18, X + 34, Y + 4), ink, radius=4)
    canvas.block((X - 34, Y - 10, X + 24, Y - 4), paper, radius=3)
    for x in (X - 24, X - 4, X + 16):
        canvas.arc((x - 7, Y - 50, x + 7, Y - 36), (90, 270), ink, 5)
        canvas.arc((x - 7, Y - 37, x + 7, Y - 23), (270, 450), ink, 5)


def _hands(canvas: Canvas, ink: str, paper: str) -> None:
    """Two hands, one in the other."""
    canvas.shape([(X - 56, Y - 8), (X - 34, Y - 34), (X + 14, Y + 14), (X - 8, Y + 40)], ink)
    canvas.shape([(X + 56, Y - 8), (X + 34, Y - 34), (X - 14, Y + 14), (X + 8, Y + 40)], ink)
    canvas.disc((X, Y + 26), 20, ink)
    canvas.line([(X - 22, Y - 22), (X + 26, Y + 26)], paper, 4)
    canvas.line([(X - 2, Y + 24), (X + 8, Y + 36)], paper, 4)
    canvas.line([(X - 14, Y + 24), (X - 4, Y + 36)], paper, 4)
    _small_heart(canvas, (X, Y - 34), ink)


def _small_heart(canvas: Canvas, centre: Point, ink: str) -> None:
    x, y = centre
    for side in (-1, 1):
        canvas.disc((x + side * 7, y - 4), 9, ink)
    canvas.shape([(x, y - 11), (x + 13.4, y + 2.4), (x, y + 15.8), (x - 13.4, y + 2.4)], ink)


def _heart(canvas: Canvas, ink: str, paper: str) -> None:
    for side in (-1, 1):
        canvas.disc((X + side * 21, Y - 14), 25, ink)
    canvas.shape([(X, Y - 35), (X + 38.7, Y + 3.7), (X, Y + 42.4), (X - 38.7, Y + 3.7)], ink)
    canvas.arc((X - 36, Y - 28, X - 10, Y - 2), (180, 270), paper, 5)


def _moon(canvas: Canvas, ink: str, paper: str) -> None:
    canvas.disc((X - 4, Y), 46, ink)
    canvas.disc((X + 16, Y - 12), 38, paper)
    canvas.shape(star((X + 24, Y - 14), 14), ink)
    canvas.shape(star((X + 40, Y + 18), 9), ink)


def _shield(canvas: Canvas, ink: str, paper: str) -> None:
    canvas.block((X - 38, Y - 42, X + 38, Y + 8), ink, radius=8)
    canvas.shape([(X - 38, Y), (X + 38, Y), (X + 26, Y + 28), (X, Y + 50), (X - 26, Y + 28)], ink)
    canvas.line([(X - 18, Y - 2), (X - 4, Y + 14), (X + 20, Y - 18)], paper, 9)


def _star(canvas: Canvas, ink: str, paper: str) -> None:
    canvas.shape(star((X, Y + 3), 52), ink)
    canvas.disc((X, Y + 3), 7, paper)


def _trophy(canvas: Canvas, ink: str, paper: str) -> None:
    for side in (-1, 1):
        x = X + side * 30
        canvas.arc((x - 20, Y - 38, x + 20, Y + 4), (0, 360), ink, 8)
    canvas.block((X - 32, Y - 44, X + 32, Y + 14), ink, radius=26)
    canvas.block((X - 32, Y - 44, X + 32, Y - 20), ink, radius=4)
    canvas.block((X - 6, Y + 8, X + 6, Y + 36), ink)
    canvas.block((X - 26, Y + 34, X + 26, Y + 46), ink, radius=5)
    canvas.shape(star((X, Y - 14), 16), paper)


def _waves(canvas: Canvas, ink: str, _: str) -> None:
    canvas.disc(MIDDLE, 10, ink)
    for radius in (24, 38, 52):
        box = (X - radius, Y - radius, X + radius, Y + radius)
        canvas.arc(box, (205, 335), ink, 8)
        canvas.arc(box, (25, 155), ink, 8)


EMBLEMS: dict[Icon, Callable[[Canvas, str, str], None]] = {
    Icon.BULB: _bulb,
    Icon.COMPASS: _compass,
    Icon.CUP: _cup,
    Icon.HANDS: _hands,
    Icon.HEART: _heart,
    Icon.MOON: _moon,
    Icon.SHIELD: _shield,
    Icon.STAR: _star,
    Icon.TROPHY: _trophy,
    Icon.WAVES: _waves,
}
