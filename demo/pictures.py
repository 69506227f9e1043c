"""Pictures drawn here, so that nobody's face or photo is needed."""

from collections.abc import AsyncIterator, Sequence
from io import BytesIO
from uuid import UUID, uuid4

from PIL import Image, ImageColor, ImageDraw

from core.media import uploads
from core.media.uploads import Purpose
from core.people import Person

SMOOTH = 2  # drawn so many times larger, then made small: edges become soft

Box = tuple[float, float, float, float]
Point = tuple[float, float]


class Canvas:
    """Paper of a width and height; all measures are in its own units."""

    def __init__(self, width: int, height: int, top: str, bottom: str) -> None:
        self.size = (width, height)
        self._image = _gradient((width * SMOOTH, height * SMOOTH), top, bottom)
        self._pen = ImageDraw.Draw(self._image, "RGBA")

    def oval(self, box: Box, fill: str) -> None:
        self._pen.ellipse(_enlarged(box), fill=fill)

    def disc(self, centre: Point, radius: float, fill: str) -> None:
        x, y = centre
        self.oval((x - radius, y - radius, x + radius, y + radius), fill)

    def block(self, box: Box, fill: str, radius: float = 0) -> None:
        self._pen.rounded_rectangle(_enlarged(box), radius=radius * SMOOTH, fill=fill)

    def shape(self, points: Sequence[Point], fill: str) -> None:
        self._pen.polygon([(x * SMOOTH, y * SMOOTH) for x, y in points], fill=fill)

    def arc(self, box: Box, degrees: tuple[float, float], fill: str, width: float) -> None:
        self._pen.arc(_enlarged(box), *degrees, fill=fill, width=round(width * SMOOTH))

    def line(self, points: Sequence[Point], fill: str, width: float) -> None:
        enlarged = [(x * SMOOTH, y * SMOOTH) for x, y in points]
        self._pen.line(enlarged, fill=fill, width=round(width * SMOOTH), joint="curve")

    def jpeg(self) -> bytes:
        content = BytesIO()
        self._image.reduce(SMOOTH).save(content, "JPEG", quality=90)
        return content.getvalue()


async def send(picture: bytes, purpose: Purpose, *, by: Person) -> UUID:
    """As a phone does it: a finished upload."""
    upload = await uploads.request(purpose, by=by, key=uuid4().hex)
    await uploads.receive(upload.id, _chunks(picture))
    return (await uploads.finish(upload.id, by=by)).id


async def _chunks(picture: bytes) -> AsyncIterator[bytes]:
    yield picture


def _gradient(size: tuple[int, int], top: str, bottom: str) -> Image.Image:
    upper, lower = ImageColor.getrgb(top), ImageColor.getrgb(bottom)
    mask = Image.linear_gradient("L").resize(size)
    return Image.composite(Image.new("RGB", size, lower), Image.new("RGB", size, upper), mask)


def _enlarged(box: Box) -> Box:
    left, top, right, bottom = box
    return left * SMOOTH, top * SMOOTH, right * SMOOTH, bottom * SMOOTH
