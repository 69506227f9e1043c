"""Pictures that strangers send, made small, upright and free of whatever else was in the file."""

import asyncio
import atexit
from collections.abc import AsyncIterable, AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from os import SEEK_END
from tempfile import TemporaryFile
from typing import Any, BinaryIO, Literal, NamedTuple

from core import files, settings
from core.errors import Busy, Invalid, Refused
from core.media.decoder import Decoder, DecoderDied
from core.text import Text

MEDIA_TYPE = "image/webp"
SUFFIX = ".webp"

PATIENCE = 60  # seconds until it is one's turn and done


class NotAPicture(Invalid):
    text = Text(
        "Please send a JPEG, PNG or WebP picture.",
        "请上传 JPEG、PNG 或 WebP 格式的图片。",
        "請上傳 JPEG、PNG 或 WebP 格式的圖片。",
    )


class DamagedPicture(Invalid):
    text = Text(
        "This picture cannot be read. Please send it again or choose another one.",
        "图片无法读取，请重新上传或换一张。",
        "圖片無法讀取，請重新上傳或換一張。",
    )


class PictureTooLarge(Invalid):
    text = Text(
        "A picture may have at most {megabytes} MB.",
        "图片不能超过 {megabytes} MB。",
        "圖片不能超過 {megabytes} MB。",
    )


class TooManyPixels(Invalid):
    text = Text(
        "A {format} picture of this kind may have at most {megapixels} megapixels.",
        "此类 {format} 图片不能超过 {megapixels} 百万像素。",
        "此類 {format} 圖片不能超過 {megapixels} 百萬畫素。",
    )


class PicturesBusy(Busy):
    text = Text(
        "Many pictures are arriving just now. Please try again in a minute.",
        "图片处理繁忙，请稍后再试。",
        "圖片處理繁忙，請稍後再試。",
    )


Purpose = Literal["avatar", "photo"]
MEGABYTES: dict[Purpose, int] = {"avatar": 5, "photo": 10}
SHAPES: dict[Purpose, dict[str, Any]] = {  # edges in pixels: of `full` and of `thumb`
    "avatar": {"edges": [512, 96], "square": True},
    "photo": {"edges": [2048, 480], "square": False},  # the longest edge
}

REFUSALS: dict[str, type[Refused]] = {
    refusal.__name__: refusal for refusal in (NotAPicture, DamagedPicture, TooManyPixels)
}


class Variant(NamedTuple):
    size: tuple[int, int]  # pixels across and down
    content: bytes


class Picture(NamedTuple):
    full: Variant
    thumb: Variant


@asynccontextmanager
async def received(chunks: AsyncIterable[bytes], *, purpose: Purpose) -> AsyncIterator[BinaryIO]:
    """A file, nameless, of what is being sent; PictureTooLarge as soon as it is."""
    with _nameless() as file:
        async for chunk in chunks:
            _check_size(file.tell() + len(chunk), purpose)
            file.write(chunk)
        file.flush()
        yield file


async def clean(source: bytes | BinaryIO, *, purpose: Purpose) -> Picture:
    """Raises NotAPicture, DamagedPicture, PictureTooLarge, TooManyPixels or PicturesBusy."""
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(PATIENCE):
            return await loop.run_in_executor(_one_at_a_time, _clean, source, purpose)
    except TimeoutError:
        raise PicturesBusy from None


def _nameless() -> BinaryIO:
    """A file that a crash cannot leave behind, on the disk where there is room."""
    files.make_folder(settings.current().home)
    return TemporaryFile(dir=settings.current().home)


def _clean(source: bytes | BinaryIO, purpose: Purpose) -> Picture:
    if isinstance(source, bytes):
        with _nameless() as file:
            file.write(source)
            file.flush()
            return _clean(file, purpose)
    _check_size(source.seek(0, SEEK_END), purpose)
    try:
        answer, contents = decoder.ask(SHAPES[purpose], source)
    except DecoderDied:
        raise DamagedPicture from None
    if "refused" in answer:
        raise REFUSALS[answer["refused"]](**answer["facts"])
    full, thumb = zip(answer["edges"], contents, strict=True)
    return Picture(Variant(*full), Variant(*thumb))


def _check_size(size: int, purpose: Purpose) -> None:
    if size > MEGABYTES[purpose] * 1_000_000:
        raise PictureTooLarge(megabytes=MEGABYTES[purpose])


_one_at_a_time = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pictures")
decoder = Decoder()
atexit.register(decoder.stop)
