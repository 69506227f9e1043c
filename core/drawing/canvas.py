"""A canvas: paper on which shapes, words and QR codes are drawn, in units of its own."""

from collections.abc import Sequence
from io import BytesIO
from itertools import chain
from typing import Literal, NamedTuple

import segno
from PIL import Image, ImageColor, ImageDraw
from PIL.Image import Dither, Quantize, Resampling

from core.drawing import fonts, lettering
from core.text import Language

SMOOTH = 2  # drawn so many times larger, then made small: edges become soft
LINE = 1.4  # the height of a line of text, in sizes
QUIET = 4  # modules around a QR code
COLOURS = 256  # of a PNG

Box = tuple[float, float, float, float]
Point = tuple[float, float]
Align = Literal["left", "center", "right"]


class Style(NamedTuple):
    size: int
    fill: str
    weight: int = fonts.REGULAR
    language: Language = "en"


class Canvas:
    """Paper of a width and height; all measures are in its own units."""

    def __init__(
        self, width: int, height: int, top: str, bottom: str | None = None, *, zoom: int = 1
    ) -> None:
        """A unit is so many pixels as the zoom; paper of `#00000000` is transparent."""
        self.size = (width, height)
        self._scale = SMOOTH * zoom
        pixels = width * self._scale, height * self._scale
        self._image = _gradient(pixels, top, bottom or top)
        self._pen = ImageDraw.Draw(self._image, "RGBA")

    def oval(self, box: Box, fill: str) -> None:
        self._pen.ellipse(self._enlarged(box), fill=fill)

    def disc(self, centre: Point, radius: float, fill: str) -> None:
        x, y = centre
        self.oval((x - radius, y - radius, x + radius, y + radius), fill)

    def block(self, box: Box, fill: str, radius: float = 0) -> None:
        self._pen.rounded_rectangle(self._enlarged(box), radius=radius * self._scale, fill=fill)

    def shape(self, points: Sequence[Point], fill: str) -> None:
        self._pen.polygon([(x * self._scale, y * self._scale) for x, y in points], fill=fill)

    def arc(self, box: Box, degrees: tuple[float, float], fill: str, width: float) -> None:
        self._pen.arc(self._enlarged(box), *degrees, fill=fill, width=round(width * self._scale))

    def line(self, points: Sequence[Point], fill: str, width: float) -> None:
        enlarged = [(x * self._scale, y * self._scale) for x, y in points]
        self._pen.line(enlarged, fill=fill, width=round(width * self._scale), joint="curve")

    def text(
        self, text: str, box: Box, style: Style, *, lines: int = 1, align: Align = "left"
    ) -> float:
        """Words from the top of a box, broken and cut to fit it; returns where they end below."""
        left, top, right, _ = box
        font = fonts.font(style.size * self._scale, style.weight, style.language)
        width = (right - left) * self._scale
        anchor, share = {"left": ("lm", 0), "center": ("mm", 0.5), "right": ("rm", 1)}[align]
        x = left + (right - left) * share
        for line in lettering.wrapped(fonts.drawable(text), font, width=width, lines=lines):
            middle = (x * self._scale, (top + style.size * LINE / 2) * self._scale)
            self._pen.text(middle, line, font=font, fill=style.fill, anchor=anchor)
            top += style.size * LINE
        return top

    def qr(self, said: str, box: Box) -> None:
        """A QR code with its quiet zone, as large as whole modules allow within the box."""
        left, top, right, bottom = map(round, self._enlarged(box))
        rows = list(segno.make(said, error="m", micro=False).matrix_iter(border=QUIET))
        code = Image.frombytes("L", (len(rows), len(rows)), bytes(map(_paper, chain(*rows))))
        edge = min(right - left, bottom - top) // len(rows) * len(rows)
        place = (left + (right - left - edge) // 2, top + (bottom - top - edge) // 2)
        self._image.paste(code.resize((edge, edge), Resampling.NEAREST), place)

    def place(self, other: "Canvas", at: Point) -> None:
        """Another canvas, pixel by pixel, with its left upper corner at a point."""
        x, y = at
        place = round(x * self._scale), round(y * self._scale)
        mask = other._image if other._image.mode == "RGBA" else None  # noqa: SLF001  # one of us
        self._image.paste(other._image, place, mask)  # noqa: SLF001  # as above

    def jpeg(self) -> bytes:
        return _saved(self._image.reduce(SMOOTH).convert("RGB"), "JPEG", quality=90)

    def png(self) -> bytes:
        """Of few colours, which makes it small."""
        drawn = self._image.reduce(SMOOTH)
        method = Quantize.FASTOCTREE if drawn.mode == "RGBA" else Quantize.MEDIANCUT
        return _saved(drawn.quantize(COLOURS, method, dither=Dither.NONE), "PNG", optimize=True)

    def _enlarged(self, box: Box) -> Box:
        left, top, right, bottom = (side * self._scale for side in box)
        return left, top, right, bottom


def _gradient(size: tuple[int, int], top: str, bottom: str) -> Image.Image:
    upper, lower = ImageColor.getrgb(top), ImageColor.getrgb(bottom)
    mode = "RGBA" if len(upper) == len(lower) == len("RGBA") else "RGB"
    mask = Image.linear_gradient("L").resize(size)
    return Image.composite(Image.new(mode, size, lower), Image.new(mode, size, upper), mask)


def _paper(is_dark: int) -> int:
    return 0 if is_dark else 255


def _saved(image: Image.Image, format_: str, **options: object) -> bytes:
    content = BytesIO()
    image.save(content, format_, **options)
    return content.getvalue()
