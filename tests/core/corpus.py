"""Pictures and PDFs as phones, editors and enemies send them, made on the spot."""

import json
import struct
import zlib
from collections.abc import Callable
from io import BytesIO
from zipfile import ZipFile

import pikepdf
from pikepdf import Pdf
from PIL import Image
from PIL.ExifTags import GPS, IFD, Base
from PIL.PngImagePlugin import PngInfo

RED, WHITE, BLUE = (255, 0, 0), (255, 255, 255), (0, 0, 255)
SECRET = b"31.2304N-121.4737E"
SCRIPT = b"<script>alert(1)</script>"


def saved(image: Image.Image, kind: str = "JPEG", **options) -> bytes:
    file = BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def plain(size=(64, 48), colour=RED, mode="RGB") -> Image.Image:
    return Image.new(mode, size, colour)


def landscape(size: tuple[int, int], mode: str = "RGB") -> Image.Image:
    """Something with the grain of a photo and the file size of one."""
    small = (size[0] // 8, size[1] // 8)
    bands = [Image.effect_noise(small, 60).resize(size) for _ in mode]
    return Image.merge(mode, bands)


def turned(orientation: int) -> bytes:
    """Upright, its upper left quarter is red: stored as a camera held that way stores it."""
    image = plain((80, 40), BLUE)
    image.paste(RED, (0, 0, 40, 20))
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }.get(orientation)
    exif = Image.Exif()
    exif[Base.Orientation] = orientation
    stored = image if undo is None else image.transpose(undo)
    return saved(stored, quality=95, exif=exif)


def located(kind: str) -> bytes:
    """With GPS, a comment, a profile and XMP, all of which tell where it was taken."""
    exif = Image.Exif()
    exif[Base.Make] = SECRET.decode()
    exif.get_ifd(IFD.GPSInfo)[GPS.GPSDateStamp] = SECRET.decode()
    more = {"JPEG": {"comment": SECRET}, "PNG": {"pnginfo": _note()}, "WEBP": {}}[kind]
    return saved(plain(), kind, exif=exif, icc_profile=SECRET, xmp=SECRET, **more)


def _note() -> PngInfo:
    note = PngInfo()
    note.add_text("Comment", SECRET.decode())
    note.add_itxt("XML:com.adobe.xmp", SECRET.decode(), zip=True)
    return note


def with_zip(picture: bytes) -> bytes:
    file = BytesIO(picture)
    file.seek(0, 2)
    with ZipFile(file, "a") as archive:
        archive.writestr("payload.html", SCRIPT)
    return file.getvalue()


def with_page() -> bytes:
    return saved(plain(), comment=b"-->" + SCRIPT + b"<!--") + SCRIPT


def animated(kind: str) -> bytes:
    return saved(plain(), kind, save_all=True, append_images=[plain(colour=BLUE)], lossless=True)


def two_in_one() -> bytes:
    return saved(plain(), "MPO", save_all=True, append_images=[plain(colour=BLUE)])


def palette_with_holes() -> bytes:
    image = plain((64, 48), 0, "P")
    image.putpalette([*RED, *BLUE])
    image.paste(1, (0, 0, 32, 48))
    return saved(image, "PNG", transparency=1)


def png_bomb() -> bytes:
    """17 kilobytes that stand for 144 megapixels."""
    rows = zlib.compress(bytes(1501) * 12_000, 9)
    header = struct.pack(">IIBBBBB", 12_000, 12_000, 1, 0, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", rows), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*chunk) for chunk in chunks)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return (
        struct.pack(">I", len(content))
        + kind
        + content
        + struct.pack(">I", zlib.crc32(kind + content))
    )


def jpeg_bomb(**options) -> bytes:
    """A header that promises 65,000 by 65,000 pixels."""
    return _sized(saved(plain((65, 43)), **options), 65_000, 65_000)


def _sized(jpeg: bytes, width: int, height: int) -> bytes:
    return jpeg.replace(struct.pack(">HH", 43, 65), struct.pack(">HH", height, width), 1)


def heavy_jpeg() -> bytes:
    """Progressive, with full colours: 24 megapixels that need 144 MB before the first row."""
    return _sized(saved(plain((65, 43)), progressive=True, subsampling=0), 6_000, 4_000)


def webp_bomb() -> bytes:
    picture = saved(plain(mode="RGBA", colour=(*RED, 9)), "WEBP", exif=b"Exif\x00\x00")
    edge = (16_383 - 1).to_bytes(3, "little")
    return picture[:24] + edge + edge + picture[30:]


def renamed() -> dict[str, bytes]:
    """What is no picture of ours, whatever it is called."""
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
    files = {"svg": svg, "zip": with_zip(b""), "html": SCRIPT, "text": b"hello", "empty": b""}
    others = {kind: saved(plain(), kind) for kind in ("GIF", "BMP", "TIFF", "ICO", "PPM", "PDF")}
    return files | others | {"json": json.dumps({"a": 1}).encode(), "zeros": bytes(5000)}


def a_pdf(words: str = "Résumé", *, change: Callable[[Pdf], None] | None = None, **how) -> bytes:
    """One page, changed before it is saved."""
    file = BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.pages[0].Contents = pdf.make_stream(b"BT (" + words.encode() + b") Tj ET")
        if change:
            change(pdf)
        pdf.save(file, compress_streams=False, **how)
    return file.getvalue()
