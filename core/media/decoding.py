"""From untrusted bytes to clean pictures; `core.media.confined` runs it."""

from contextlib import suppress
from io import BytesIO
from typing import Any, BinaryIO

from PIL import (
    Image,
    ImageChops,
    UnidentifiedImageError,
    WebPImagePlugin,  # noqa: F401  # registers itself, else Pillow loads every format it knows
)
from PIL.ExifTags import Base
from PIL.Image import Transpose
from PIL.JpegImagePlugin import JpegImageFile

MEGAPIXELS = {"JPEG": 40, "PNG": 20, "WEBP": 12}  # what fits into memory once decoded
COEFFICIENTS = 60_000_000  # of a progressive JPEG, whole in memory: 40 megapixels as phones write
STRIP = 256  # rows

UPRIGHT = {
    2: Transpose.FLIP_LEFT_RIGHT,
    3: Transpose.ROTATE_180,
    4: Transpose.FLIP_TOP_BOTTOM,
    5: Transpose.TRANSPOSE,
    6: Transpose.ROTATE_270,
    7: Transpose.TRANSVERSE,
    8: Transpose.ROTATE_90,
}


class Unusable(Exception):
    """Named as the refusal that `core.media.pictures` raises, with its facts."""

    def __init__(self, name: str, **facts: object) -> None:
        super().__init__(name)
        self.answer = {"refused": name, "facts": facts, "sizes": []}


def answer(wish: dict[str, Any], file: BinaryIO) -> tuple[dict[str, Any], list[bytes]]:
    try:
        pictures = variants(file, *wish["edges"], square=wish["square"])
    except Unusable as unusable:
        return unusable.answer, []
    except Exception:  # noqa: BLE001  # whatever a decoder stumbles over, the picture did it
        return Unusable("DamagedPicture").answer, []
    contents = [webp(picture) for picture in pictures]
    sizes = [len(content) for content in contents]
    return {"edges": [picture.size for picture in pictures], "sizes": sizes}, contents


def variants(file: BinaryIO, full: int, thumb: int, *, square: bool) -> list[Image.Image]:
    """The picture at both sizes, never enlarged; of an animation the first frame."""
    picture = upright(file, full, square=square)
    return [picture, shrunk(picture, thumb, square=square)]


def upright(file: BinaryIO, edge: int, *, square: bool) -> Image.Image:
    picture = opened(file)
    scale = edge / (min if square else max)(picture.size)
    picture.draft("RGB", scaled(picture.size, scale))  # a JPEG is decoded smaller right away
    picture.load()
    turn = UPRIGHT.get(orientation(picture))
    small = shrunk(plain(picture), edge, square=square)
    return small.transpose(turn) if turn is not None else small


def opened(file: BinaryIO) -> Image.Image:
    for kind, limit in MEGAPIXELS.items():
        Image.MAX_IMAGE_PIXELS = limit * 500_000  # twice that is refused from the header alone
        try:
            return affordable(Image.open(file, formats=(kind,)))
        except UnidentifiedImageError:
            continue
        except Image.DecompressionBombError:
            raise Unusable("TooManyPixels", format=kind, megapixels=limit) from None
    raise Unusable("NotAPicture")


def affordable(picture: Image.Image) -> Image.Image:
    """A progressive JPEG is never decoded smaller: its colours are kept whole until the end."""
    if isinstance(picture, JpegImageFile) and picture.info.get("progressive"):
        shares = [across * down for _, across, down, _ in picture.layer]
        density = sum(shares) / max(shares)
        if picture.width * picture.height * density > COEFFICIENTS:
            limit = int(COEFFICIENTS / density / 1_000_000)
            raise Unusable("TooManyPixels", format="JPEG", megapixels=limit)
    return picture


def orientation(picture: Image.Image) -> int:
    with suppress(Exception):  # EXIF that nobody can read turns nothing
        return int(picture.getexif().get(Base.Orientation, 1))
    return 1


def plain(picture: Image.Image) -> Image.Image:
    """In colour and on white, with as few copies of the whole picture as there can be."""
    if picture.mode == "I;16":
        picture = picture.point(lambda value: value / 256).convert("L")
    if picture.has_transparency_data:
        return on_white(picture if picture.mode == "RGBA" else picture.convert("RGBA"))
    return picture if picture.mode == "RGB" else picture.convert("RGB")


def on_white(picture: Image.Image) -> Image.Image:
    """Painted over in place, strip by strip."""
    for top in range(0, picture.height, STRIP):
        strip = (0, top, picture.width, min(top + STRIP, picture.height))
        holes = ImageChops.invert(picture.crop(strip).getchannel("A"))
        picture.paste("white", strip, holes)
    return picture


def shrunk(picture: Image.Image, edge: int, *, square: bool) -> Image.Image:
    """A new picture of the colours alone: comments, places and profiles stay behind."""
    width, height = picture.size
    side = min(picture.size) if square else max(picture.size)
    across, down = (side, side) if square else (width, height)
    left, top = (width - across) // 2, (height - down) // 2
    size = scaled((across, down), min(1, edge / side))
    box = (left, top, left + across, top + down)
    return Image.merge("RGB", [picture.getchannel(c).resize(size, box=box) for c in "RGB"])


def scaled(size: tuple[int, int], scale: float) -> tuple[int, int]:
    width, height = (max(1, round(side * scale)) for side in size)
    return width, height


def webp(picture: Image.Image) -> bytes:
    """WebP: a third smaller than a JPEG that looks the same; method 4 is twice as slow as 2."""
    file = BytesIO()
    picture.save(file, "WEBP", quality=80, method=2)
    return file.getvalue()
