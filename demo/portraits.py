"""Portraits: nobody's face, but somebody's favourite thing, with a face of its own."""

from collections.abc import Callable
from random import Random

from core.drawing.canvas import Canvas, Point

EDGE = 512  # pixels

INK = "#4a3b35"
BLUSH = "#f2857f66"
PAPERS = [
    ("#ffe9d6", "#ffd3b0"),
    ("#e3f1ea", "#c3e2d3"),
    ("#e6ebfa", "#c9d5f3"),
    ("#fdf0c8", "#fbe09a"),
    ("#f7e3ec", "#efc4d6"),
    ("#e9e4f5", "#d2c7ec"),
    ("#dff0f5", "#b9dfea"),
]


def draw(rng: Random) -> bytes:
    """A JPEG; the same for the same chance."""
    canvas = Canvas(EDGE, EDGE, *rng.choice(PAPERS))
    centre = rng.choice(THINGS)(canvas)
    _face(canvas, centre, rng)
    if rng.random() < HEADSETS:
        _headset(canvas, centre)
    return canvas.jpeg()


HEADSETS = 0.3  # of all portraits


def _face(canvas: Canvas, centre: Point, rng: Random) -> None:
    x, y = centre
    tired = rng.random() < 0.35  # noqa: PLR2004  # as it is after the shift
    for eye in (x - 46, x + 46):
        if tired:
            canvas.arc((eye - 16, y - 14, eye + 16, y + 12), (15, 165), INK, 7)
        else:
            canvas.disc((eye, y), 11, INK)
        canvas.disc((eye + (eye - x) * 0.62, y + 30), 17, BLUSH)
    canvas.arc((x - 22, y - 2, x + 22, y + 32), (20, 160), INK, 7)


def _headset(canvas: Canvas, centre: Point) -> None:
    x, y = centre
    canvas.arc((x - 128, y - 150, x + 128, y + 130), (185, 355), INK, 14)
    for side in (-1, 1):
        ear = x + side * 124
        canvas.block((ear - 20, y - 34, ear + 20, y + 38), INK, radius=18)
    canvas.arc((x - 124, y - 60, x + 20, y + 100), (75, 180), INK, 8)
    canvas.disc((x - 30, y + 96), 13, INK)


def _cup(canvas: Canvas) -> Point:
    canvas.arc((352, 216, 456, 346), (270, 450), "#d9714f", 24)
    canvas.block((116, 176, 396, 420), "#e8825f", radius=58)
    canvas.oval((116, 144, 396, 212), "#f6a488")
    canvas.oval((142, 156, 370, 204), "#8a5a3c")
    for x in (206, 256, 306):
        canvas.arc((x - 16, 60, x + 16, 104), (90, 270), "#ffffffaa", 9)
        canvas.arc((x - 16, 96, x + 16, 140), (270, 450), "#ffffffaa", 9)
    return 256, 304


def _bun(canvas: Canvas) -> Point:
    canvas.oval((84, 168, 428, 432), "#fffaf1")
    canvas.oval((84, 350, 428, 440), "#f3e6d2")
    canvas.oval((92, 168, 420, 418), "#fffaf1")
    for x in (216, 256, 296):
        canvas.line([(256, 150), (x, 216)], "#e2cfb4", 9)
    canvas.disc((256, 158), 24, "#fffaf1")
    return 256, 300


def _cactus(canvas: Canvas) -> Point:
    canvas.block((96, 214, 160, 326), "#5f9e6e", radius=32)
    canvas.block((352, 184, 416, 310), "#5f9e6e", radius=32)
    canvas.block((110, 286, 402, 326), "#5f9e6e", radius=20)
    canvas.block((158, 104, 354, 420), "#72b381", radius=98)
    canvas.block((146, 390, 366, 470), "#c9714a", radius=22)
    canvas.block((132, 372, 380, 412), "#dd8a62", radius=16)
    canvas.disc((256, 104), 26, "#f28ba0")
    canvas.disc((256, 104), 10, "#fbd36b")
    return 256, 244


def _cloud(canvas: Canvas) -> Point:
    for x, y, radius in ((156, 296, 84), (256, 240, 118), (356, 292, 90), (256, 320, 92)):
        canvas.disc((x, y), radius, "#ffffff")
    canvas.block((150, 296, 362, 384), "#ffffff", radius=44)
    for x in (180, 256, 332):
        canvas.line([(x, 412), (x - 12, 444)], "#7fb2d6", 11)
    return 256, 282


def _moon(canvas: Canvas) -> Point:
    canvas.disc((256, 266), 158, "#f8d677")
    for x, y, radius in ((164, 208, 22), (346, 186, 15), (340, 366, 24), (190, 372, 13)):
        canvas.disc((x, y), radius, "#efc459")
    for x, y in ((84, 108), (430, 96), (440, 420), (70, 396)):
        canvas.disc((x, y), 9, "#ffffff")
    return 256, 262


def _tomato(canvas: Canvas) -> Point:
    canvas.oval((96, 150, 416, 436), "#e35d4f")
    canvas.oval((140, 176, 220, 236), "#ee8377")
    leaf = [(256, 190), (170, 170), (222, 150), (206, 96), (256, 132), (306, 96), (290, 150)]
    canvas.shape([*leaf, (342, 170)], "#5c9a58")
    return 256, 306


def _egg(canvas: Canvas) -> Point:
    for x, y, radius in ((180, 250, 112), (316, 216, 118), (290, 334, 112), (196, 340, 90)):
        canvas.disc((x, y), radius, "#ffffff")
    canvas.disc((256, 276), 104, "#f6b73c")
    canvas.oval((196, 196, 248, 228), "#f9cf74")
    return 256, 272


def _mushroom(canvas: Canvas) -> Point:
    canvas.block((168, 236, 344, 440), "#fff4e3", radius=70)
    canvas.oval((76, 92, 436, 380), "#d8604f")
    canvas.block((150, 250, 362, 404), "#fff4e3", radius=62)
    for x, y, radius in ((166, 180, 28), (256, 138, 32), (346, 186, 26)):
        canvas.disc((x, y), radius, "#fff4e3")
    return 256, 312


def _rice_ball(canvas: Canvas) -> Point:
    canvas.shape([(202, 130), (310, 130), (424, 336), (370, 430), (142, 430), (88, 336)], "#ffffff")
    for corner in ((256, 160), (142, 368), (370, 368)):
        canvas.disc(corner, 62, "#ffffff")
    canvas.block((194, 344, 318, 430), "#3d4f47", radius=10)
    return 256, 268


def _persimmon(canvas: Canvas) -> Point:
    canvas.oval((88, 172, 424, 432), "#f0913a")
    canvas.oval((128, 204, 214, 258), "#f5ae68")
    for x in (176, 230, 282, 336):
        canvas.oval((x - 44, 140, x + 44, 200), "#7d9a4b")
    canvas.block((244, 104, 268, 160), "#6a5a3a", radius=10)
    return 256, 312


THINGS: list[Callable[[Canvas], Point]] = [
    _cup,
    _bun,
    _cactus,
    _cloud,
    _moon,
    _tomato,
    _egg,
    _mushroom,
    _rice_ball,
    _persimmon,
]
