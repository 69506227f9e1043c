"""A canvas: paper on which shapes, words and QR codes are drawn, in units of its own."""

import asyncio
from io import BytesIO
from threading import current_thread

import pytest
from PIL import Image

from core.drawing import easel
from core.drawing.canvas import Canvas, Style

pytestmark = pytest.mark.once

INK = Style(40, "#000000")


def test_words_stand_in_their_box_and_nowhere_else() -> None:
    canvas = Canvas(400, 200, "#ffffff")
    end = canvas.text("热心同事 Thanks " * 9, (100, 20, 300, 200), INK, lines=2)
    left, top, right, bottom = _inked(canvas.png())
    assert 100 <= left < right <= 300
    assert 20 <= top < bottom <= end == 20 + 2 * 40 * 1.4


def test_words_can_be_centred_and_put_to_the_right() -> None:
    centred, right = Canvas(400, 60, "#ffffff"), Canvas(400, 60, "#ffffff")
    centred.text("热心", (0, 0, 400, 60), INK, align="center")
    right.text("热心", (0, 0, 400, 60), INK, align="right")
    inked = _inked(centred.png())
    assert abs(inked[0] - (400 - inked[2])) <= 4
    assert _inked(right.png())[2] >= 396


def test_words_that_cannot_be_drawn_leave_the_paper_white() -> None:
    canvas = Canvas(400, 60, "#ffffff")
    assert canvas.text("👍", (0, 0, 400, 60), INK) == 0
    assert _image(canvas.png()).getcolors() == [(400 * 60, 0)]


def test_a_qr_code_is_crisp_and_keeps_its_quiet_zone() -> None:
    canvas = Canvas(300, 300, "#ffffff")
    canvas.qr("https://breakroom.example/r/abc", (0, 0, 300, 300))
    assert {colour for _, colour in _image(canvas.png()).convert("L").getcolors() or ()} == {0, 255}
    left, top, right, bottom = _inked(canvas.png())
    modules = 25 + 2 * 4
    assert left == top > 300 // modules * 3
    assert right == bottom == 300 - left


def test_paper_without_colour_is_transparent() -> None:
    canvas = Canvas(100, 100, "#00000000")
    canvas.disc((50, 50), 40, "#c0c8d0")
    drawn = _image(canvas.png()).convert("RGBA")
    assert drawn.getpixel((2, 2)) == (0, 0, 0, 0)
    assert drawn.getpixel((50, 50)) == (192, 200, 208, 255)


async def test_pictures_are_drawn_beside_the_event_loop_one_at_a_time() -> None:
    drawing = [easel.drawn(_who) for _ in range(5)]
    assert set(await asyncio.gather(*drawing)) == {b"drawing_0"}


def _who() -> bytes:
    return current_thread().name.encode()


def _image(png: bytes) -> Image.Image:
    return Image.open(BytesIO(png), formats=("PNG",))


def _inked(png: bytes) -> tuple[int, int, int, int]:
    """What is not white, in pixels."""
    dark = _image(png).convert("L").point(lambda value: 255 * (value < 250))
    return dark.getbbox() or (0, 0, 0, 0)
