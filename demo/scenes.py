"""Scenes: the photos of posts, drawn."""

from collections.abc import Callable

from core.drawing.canvas import Canvas

WIDTH, HEIGHT = 1200, 900  # pixels


def draw(name: str) -> bytes:
    """A JPEG. KeyError if there is no such scene."""
    return SCENES[name]()


def _cold_tea() -> bytes:
    """A desk with a keyboard, a headset and tea that nobody got to drink."""
    desk = Canvas(WIDTH, HEIGHT, "#e9dcc9", "#c9a77e")
    desk.block((0, 0, WIDTH, 330), "#cfd9df")
    desk.block((140, 40, 760, 380), "#2d3238", radius=18)
    desk.block((160, 60, 740, 350), "#e8f1f5", radius=8)
    for row in range(6):
        fill = "#f0a08c" if row == 0 else "#b9cbd4"
        desk.block((190, 90 + row * 40, 190 + 430 - row % 3 * 90, 108 + row * 40), fill, radius=9)
    desk.block((400, 380, 500, 440), "#2d3238")
    desk.oval((330, 420, 570, 466), "#2d3238")
    desk.block((150, 560, 720, 760), "#f4f1ec", radius=22)
    for row in range(4):
        for key in range(12):
            x, y = 172 + key * 45, 580 + row * 42
            desk.block((x, y, x + 36, y + 32), "#dcd6cc", radius=7)
    _mug(desk)
    _note(desk)
    return desk.jpeg()


def _mug(desk: Canvas) -> None:
    desk.oval((800, 716, 1110, 800), "#00000022")
    desk.arc((1010, 520, 1130, 680), (270, 450), "#7fa3a0", 30)
    desk.block((810, 460, 1050, 770), "#8fb5b1", radius=46)
    desk.oval((810, 420, 1050, 510), "#a9cac6")
    desk.oval((832, 434, 1028, 498), "#7a5236")
    desk.oval((832, 440, 1028, 498), "#8d6242")
    desk.arc((842, 444, 1018, 496), (0, 360), "#a87c58", 5)
    desk.oval((880, 452, 930, 468), "#9b7150")
    desk.arc((826, 560, 1034, 640), (20, 160), "#7fa3a0", 8)


def _note(desk: Canvas) -> None:
    desk.shape([(850, 90), (1080, 70), (1096, 300), (866, 318)], "#f7df7a")
    for row, width in enumerate((150, 120, 160, 80)):
        y = 124 + row * 44
        desk.line([(884, y), (884 + width, y - 12)], "#a08a3a", 7)


EMPTY = {(1, 3), (2, 1), (2, 3), (3, 4)}  # shelf and place


def _vending_machine() -> bytes:
    """A packet that has been about to fall for three days."""
    hall = Canvas(WIDTH, HEIGHT, "#dfe5e2", "#b8c2bd")
    hall.block((0, 760, WIDTH, HEIGHT), "#9aa39e")
    hall.block((300, 40, 900, 840), "#b33f3a", radius=26)
    hall.block((340, 90, 720, 640), "#1f2a30", radius=12)
    hall.block((352, 102, 708, 628), "#34454d", radius=8)
    wares = ["#f2c14e", "#7fb685", "#e4793d", "#8fa9d6", "#e59db0"]
    for shelf in range(4):
        y = 220 + shelf * 126
        hall.block((352, y, 708, y + 10), "#8b98a0")
        for place in range(5):
            x = 366 + place * 68
            if (shelf, place) in EMPTY:
                continue
            fill = wares[(shelf * 2 + place) % len(wares)]
            hall.block((x, y - 88, x + 54, y), fill, radius=10)
            hall.block((x + 10, y - 62, x + 44, y - 44), "#ffffffaa", radius=6)
    hall.shape([(578, 366), (634, 352), (654, 440), (598, 456)], "#f2c14e")
    hall.shape([(592, 386), (630, 377), (634, 394), (596, 404)], "#ffffffaa")
    hall.shape([(352, 102), (520, 102), (400, 628), (352, 628)], "#ffffff14")
    _slot(hall)
    return hall.jpeg()


def _slot(hall: Canvas) -> None:
    hall.block((340, 690, 720, 790), "#7d2a27", radius=14)
    hall.block((364, 712, 696, 772), "#2a1413", radius=8)
    hall.block((760, 120, 860, 190), "#1d2b22", radius=8)
    for place in range(3):
        hall.block((776 + place * 26, 142, 794 + place * 26, 168), "#7ee08a", radius=3)
    for row in range(4):
        for column in range(3):
            x, y = 766 + column * 32, 216 + row * 38
            hall.block((x, y, x + 24, y + 28), "#e7d9d6", radius=5)
    hall.block((782, 400, 838, 412), "#2a1413", radius=5)
    hall.shape([(770, 450), (856, 444), (860, 528), (774, 534)], "#fdf3c0")
    for row in range(3):
        hall.line([(786, 470 + row * 20), (842 - row * 14, 467 + row * 20)], "#8a7a3a", 5)


def _night_window() -> bytes:
    """One floor is lit, and one window opposite."""
    night = Canvas(WIDTH, HEIGHT, "#141b34", "#3b4270")
    for x, y in ((120, 90), (260, 180), (420, 70), (610, 150), (700, 60), (1090, 210), (980, 70)):
        night.disc((x, y), 3, "#ffffffcc")
    night.disc((880, 170), 66, "#f6e7b0")
    night.disc((910, 152), 58, "#1a213e")
    for left, top, right in ((40, 380, 300), (340, 300, 620), (660, 420, 900), (930, 340, 1180)):
        night.block((left, top, right, HEIGHT), "#1b2140")
        for y in range(top + 30, 860, 62):
            for x in range(left + 24, right - 40, 56):
                night.block((x, y, x + 32, y + 38), "#262d52", radius=3)
    night.block((476, 516, 508, 554), "#ffd98a", radius=3)
    night.disc((492, 535), 54, "#ffd98a22")
    _frame(night)
    return night.jpeg()


def _frame(night: Canvas) -> None:
    night.block((0, 0, 26, HEIGHT), "#0c1020")
    night.block((WIDTH - 26, 0, WIDTH, HEIGHT), "#0c1020")
    night.block((590, 0, 612, HEIGHT), "#0c1020")
    night.block((0, 800, WIDTH, HEIGHT), "#0c1020")
    night.oval((190, 812, 350, 836), "#00000055")
    night.block((210, 690, 330, 826), "#c96f4a", radius=24)
    night.oval((210, 674, 330, 708), "#dd8d6b")
    night.oval((222, 680, 318, 702), "#5a3824")
    night.arc((312, 718, 372, 790), (270, 450), "#c96f4a", 14)


SCENES: dict[str, Callable[[], bytes]] = {
    "cold_tea": _cold_tea,
    "night_window": _night_window,
    "vending_machine": _vending_machine,
}
