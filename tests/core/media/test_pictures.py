import asyncio
import os
import resource
import signal
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from core.errors import Refused
from core.media import decoder, pictures
from core.media.pictures import (
    DamagedPicture,
    NotAPicture,
    PicturesBusy,
    PictureTooLarge,
    TooManyPixels,
)
from core.settings import current
from tests.core import corpus
from tests.core.corpus import BLUE, RED, WHITE, landscape, plain, saved

pytestmark = pytest.mark.once


async def clean(content: bytes, purpose: pictures.Purpose = "photo") -> pictures.Picture:
    return await pictures.clean(content, purpose=purpose)


def seen(variant: pictures.Variant) -> Image.Image:
    image = Image.open(BytesIO(variant.content), formats=("WEBP",))
    assert image.size == tuple(variant.size)
    return image.convert("RGB")


def looks(variant: pictures.Variant, at: tuple[int, int], colour: tuple[int, int, int]) -> bool:
    """Within what compression costs."""
    return all(abs(a - b) < 16 for a, b in zip(seen(variant).getpixel(at), colour, strict=True))


def is_nothing_but_pixels(variant: pictures.Variant) -> bool:
    """One chunk of pixels fills the file: no EXIF, XMP, profile, comment or trailing bytes."""
    content = variant.content
    length = int.from_bytes(content[16:20], "little")
    return content[8:16] == b"WEBPVP8 " and len(content) == 20 + length + length % 2


async def test_a_photo_comes_out_in_two_sizes():
    picture = await clean(saved(landscape((4000, 3000))))
    assert picture.full.size == [2048, 1536]
    assert picture.thumb.size == [480, 360]
    assert is_nothing_but_pixels(picture.full)
    assert is_nothing_but_pixels(picture.thumb)


async def test_an_avatar_is_the_square_in_the_middle():
    image = plain((1200, 600), BLUE)
    image.paste(RED, (300, 0, 900, 600))
    picture = await clean(saved(image), "avatar")
    assert picture.full.size == [512, 512]
    assert picture.thumb.size == [96, 96]
    assert looks(picture.full, (5, 256), RED)
    assert looks(picture.full, (506, 256), RED)


@pytest.mark.parametrize("size", [(1, 1), (1, 900), (30, 20)])
@pytest.mark.parametrize("written", ["JPEG", "PNG", "WEBP"])
async def test_a_small_picture_is_never_enlarged(written, size):
    picture = await clean(saved(plain(size), written))
    assert picture.full.size == list(size)
    avatar = await clean(saved(plain(size), written), "avatar")
    assert avatar.full.size == [min(size), min(size)]


@pytest.mark.parametrize("size", [(20_000, 20), (20, 20_000)])
async def test_a_ribbon_stays_a_ribbon(size):
    picture = await clean(saved(plain(size)))
    assert sorted(picture.full.size) == [2, 2048]
    assert sorted(picture.thumb.size) == [1, 480]


@pytest.mark.parametrize("orientation", range(1, 9))
async def test_a_photo_is_upright_however_the_phone_was_held(orientation):
    picture = await clean(corpus.turned(orientation))
    assert picture.full.size == [80, 40]
    for at in [(70, 5), (70, 35), (10, 35)]:
        assert looks(picture.full, at, BLUE)
    assert looks(picture.full, (10, 5), RED)


async def test_exif_that_nobody_can_read_turns_nothing():
    broken = b"Exif\x00\x00MM\x00\x2a\xff\xff\xff\xff" + bytes(20)
    picture = await clean(saved(plain((60, 40)), exif=broken))
    assert picture.full.size == [60, 40]


@pytest.mark.parametrize("written", ["JPEG", "PNG", "WEBP"])
async def test_nothing_tells_where_a_photo_was_taken(written):
    sent = corpus.located(written)
    assert corpus.SECRET in sent
    for variant in await clean(sent):
        assert is_nothing_but_pixels(variant)
        assert corpus.SECRET not in variant.content


@pytest.mark.parametrize(
    "sent",
    [
        corpus.with_zip(saved(plain())),
        corpus.with_zip(saved(plain(), "PNG")),
        corpus.with_zip(saved(plain(), "WEBP")),
        corpus.with_page(),
    ],
    ids=["JPEG and ZIP", "PNG and ZIP", "WebP and ZIP", "JPEG and HTML"],
)
async def test_what_was_two_things_is_a_picture_afterwards(sent):
    for variant in await clean(sent):
        assert is_nothing_but_pixels(variant)
        assert looks(variant, (20, 20), RED)
        assert b"script" not in variant.content
        assert b"PK" not in variant.content


@pytest.mark.parametrize("written", ["WEBP", "PNG"])
async def test_of_an_animation_the_first_frame_is_shown(written):
    sent = corpus.animated(written)
    assert Image.open(BytesIO(sent)).n_frames == 2
    for variant in await clean(sent):
        assert is_nothing_but_pixels(variant)
        assert looks(variant, (20, 20), RED)


async def test_of_a_multi_picture_the_first_is_shown():
    picture = await clean(corpus.two_in_one())
    assert is_nothing_but_pixels(picture.full)
    assert looks(picture.full, (20, 20), RED)


@pytest.mark.parametrize(
    ("sent", "colour"),
    [
        (saved(plain(colour=(0, 255, 255, 0), mode="CMYK"), quality=95), RED),
        (saved(plain(colour=40_000, mode="I;16"), "PNG"), (156, 156, 156)),
        (saved(plain(colour=40_000, mode="I;16"), "PNG", transparency=1), (156, 156, 156)),
        (saved(plain(colour=100, mode="L"), "PNG"), (100, 100, 100)),
        (saved(plain(colour=(0, 51), mode="LA"), "PNG"), (204, 204, 204)),
        (saved(plain(colour=1, mode="1"), "PNG"), WHITE),
        (saved(plain(colour=(255, 0, 0, 0), mode="RGBA"), "PNG"), WHITE),
        (saved(plain(colour=(255, 0, 0, 0), mode="RGBA"), "WEBP", exact=True), WHITE),
        (saved(plain(colour=(255, 0, 0, 128), mode="RGBA"), "PNG"), (255, 127, 127)),
        (saved(plain(), "PNG", transparency=RED), WHITE),
        (corpus.palette_with_holes(), WHITE),
    ],
)
async def test_colours_are_kept_and_holes_are_white(sent, colour):
    picture = await clean(sent)
    assert looks(picture.full, (10, 10), colour)
    assert looks(picture.thumb, (10, 10), colour)


@pytest.mark.parametrize("content", [pytest.param(c, id=n) for n, c in corpus.renamed().items()])
async def test_a_file_that_is_no_picture_is_refused(content):
    with pytest.raises(NotAPicture):
        await clean(content)


@pytest.mark.parametrize("written", ["JPEG", "PNG", "WEBP"])
async def test_a_picture_cut_short_on_its_way_is_refused(written):
    whole = saved(landscape((640, 480)), written)
    with pytest.raises(DamagedPicture):
        await clean(whole[: len(whole) // 2])


@pytest.mark.parametrize(
    ("sent", "facts"),
    [
        (corpus.png_bomb(), {"format": "PNG", "megapixels": 20}),
        (corpus.jpeg_bomb(), {"format": "JPEG", "megapixels": 40}),
        (corpus.jpeg_bomb(progressive=True), {"format": "JPEG", "megapixels": 40}),
        (corpus.heavy_jpeg(), {"format": "JPEG", "megapixels": 20}),
        (corpus.webp_bomb(), {"format": "WEBP", "megapixels": 12}),
        (saved(plain((4001, 3000), 0, "L"), "WEBP"), {"format": "WEBP", "megapixels": 12}),
        (saved(plain((5001, 4000), 0, "1"), "PNG"), {"format": "PNG", "megapixels": 20}),
    ],
)
async def test_a_bomb_is_refused_by_its_header(sent, facts):
    assert len(sent) < 25_000
    with pytest.raises(TooManyPixels) as refused:
        await clean(sent)
    assert refused.value.facts == facts


async def test_a_refusal_says_how_much_is_allowed():
    with pytest.raises(TooManyPixels) as refused:
        await clean(corpus.png_bomb())
    assert (
        refused.value.message("en") == "A PNG picture of this kind may have at most 20 megapixels."
    )
    assert refused.value.message("zh-CN") == "此类 PNG 图片不能超过 20 百万像素。"


@pytest.mark.parametrize(("purpose", "megabytes"), [("avatar", 5), ("photo", 10)])
async def test_a_file_may_be_so_large_and_no_larger(purpose, megabytes):
    picture = saved(plain())
    padded = picture + bytes(megabytes * 1_000_000 - len(picture))
    assert (await clean(padded, purpose)).full.size[1] == 48
    with pytest.raises(PictureTooLarge) as refused:
        await clean(padded + b"\x00", purpose)
    assert refused.value.facts == {"megabytes": megabytes}


async def test_an_upload_is_refused_while_it_is_still_being_sent():
    taken = 0

    async def endless():
        nonlocal taken
        while True:
            taken += 1
            yield bytes(1_000_000)

    with pytest.raises(PictureTooLarge):
        async with pictures.received(endless(), purpose="avatar"):
            pytest.fail("it was let in")
    assert taken == 6


async def test_an_upload_leaves_no_file_behind():
    async def chunks():
        yield saved(plain())

    before = sorted(current().home.iterdir())
    async with pictures.received(chunks(), purpose="photo") as file:
        assert (await pictures.clean(file, purpose="photo")).full.size == [64, 48]
        assert sorted(current().home.iterdir()) == before


WHOLE = [saved(landscape((64, 48)), kind) for kind in ("JPEG", "PNG", "WEBP")]


@settings(max_examples=150, deadline=None)
@given(
    whole=st.sampled_from(WHOLE),
    places=st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 255)), max_size=6),
    cut=st.integers(0, 5000),
)
async def test_any_bytes_are_cleaned_or_refused(whole, places, cut):
    content = bytearray(whole)
    for place, value in places:
        content[place % len(content)] = value
    try:
        picture = await clean(bytes(content[: cut or None]))
    except Refused as refused:
        assert isinstance(refused, NotAPicture | DamagedPicture | TooManyPixels)  # noqa: PT017  # either way
    else:
        assert is_nothing_but_pixels(picture.full)


@pytest.fixture
async def process() -> subprocess.Popen[bytes]:
    await clean(saved(plain()))
    return pictures.decoder.process


def files_of(process: subprocess.Popen[bytes]) -> set[int]:
    return {int(fd.name) for fd in (Path("/proc") / str(process.pid) / "fd").iterdir()}


async def test_pictures_are_decoded_in_one_process_that_is_used_again(process):
    await clean(saved(plain()))
    assert pictures.decoder.process is process
    assert process.pid != os.getpid()


async def test_the_decoder_inherits_no_secret_and_no_socket(process):
    at = Path("/proc") / str(process.pid)
    environment = (at / "environ").read_bytes()
    assert b"BREAKROOM" not in environment
    assert {line.partition(b"=")[0] for line in environment.split(b"\0")} <= {
        b"",
        b"LD_LIBRARY_PATH",
        b"MALLOC_MMAP_THRESHOLD_",
    }
    assert files_of(process) == {0, 1, 2}


async def test_the_decoder_is_confined(process):
    limits = (Path("/proc") / str(process.pid) / "limits").read_text()
    hard = {line[:25].strip(): line[26:].split()[1] for line in limits.splitlines()[1:]}
    assert hard["Max data size"] == str(224 * 2**20)
    assert hard["Max file size"] == "0"
    assert hard["Max core file size"] == "0"


async def test_a_decoder_that_died_is_replaced(process):
    process.kill()
    process.wait()
    assert (await clean(saved(plain()))).full.size == [64, 48]
    assert pictures.decoder.process.pid != process.pid


async def test_a_decoder_that_dies_of_a_picture_is_replaced(process):
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as endless, os.fdopen(writing, "wb"):
        shape = pictures.SHAPES["photo"]
        asking = asyncio.create_task(asyncio.to_thread(pictures.decoder.ask, shape, endless))
        while files_of(process) == {0, 1, 2}:  # noqa: ASYNC110  # it has no event to set
            await asyncio.sleep(0.01)
        process.kill()
        with pytest.raises(decoder.DecoderDied):
            await asking
    assert (await clean(saved(plain()))).full.size == [64, 48]


async def test_a_picture_that_needs_too_much_memory_is_refused(process):
    resource.prlimit(process.pid, resource.RLIMIT_DATA, (40_000_000, 40_000_000))
    with pytest.raises(DamagedPicture):
        await clean(saved(plain((4000, 3000)), "WEBP"))
    assert (await clean(saved(plain()))).full.size == [64, 48]
    assert pictures.decoder.process is process
    pictures.decoder.stop()  # the next one has the usual limit again


async def test_a_picture_that_takes_too_long_is_refused_and_the_next_one_is_fine(monkeypatch):
    monkeypatch.setattr(decoder, "DEADLINE", 0.5)
    pictures.decoder.stop()
    await clean(saved(plain()))
    stopped = pictures.decoder.process
    stopped.send_signal(signal.SIGSTOP)
    with pytest.raises(DamagedPicture):
        await clean(saved(plain()))
    assert stopped.returncode == -signal.SIGKILL
    assert (await clean(saved(plain()))).full.size == [64, 48]
    pictures.decoder.stop()  # the next one has the usual deadline again


async def test_who_has_waited_too_long_is_told_to_come_back(monkeypatch, process):
    monkeypatch.setattr(pictures, "PATIENCE", 0.1)
    process.send_signal(signal.SIGSTOP)
    crowd = await asyncio.gather(*(clean(saved(plain())) for _ in range(3)), return_exceptions=True)
    assert [type(result) for result in crowd] == [PicturesBusy] * 3
    process.send_signal(signal.SIGCONT)
    monkeypatch.undo()
    assert (await clean(saved(plain()))).full.size == [64, 48]


async def test_a_cancelled_upload_disturbs_no_other():
    cancelled = [asyncio.create_task(clean(saved(landscape((2000, 1500))))) for _ in range(5)]
    await asyncio.sleep(0)  # all are on their way
    for task in cancelled:
        task.cancel()
    results = await asyncio.gather(*cancelled, return_exceptions=True)
    assert {type(result) for result in results} == {asyncio.CancelledError}
    assert (await clean(saved(plain()))).full.size == [64, 48]


@pytest.fixture(scope="module")
def largest(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The largest pictures that are accepted, of each kind, each below 10 MB."""
    folder = tmp_path_factory.mktemp("pictures")
    made = {
        "photo.jpg": saved(landscape((8000, 5000)), quality=70),
        "progressive.jpg": saved(landscape((8000, 5000)), quality=70, progressive=True),
        "alpha.png": saved(_blocks((5000, 4000)), "PNG", compress_level=1),
        "alpha.webp": saved(landscape((4000, 3000), "RGBA"), "WEBP", quality=60, method=0),
    }
    for name, content in made.items():
        assert len(content) < 10_000_000
        (folder / name).write_bytes(content)
    return sorted(folder.iterdir())


def _blocks(size: tuple[int, int]) -> Image.Image:
    small = landscape((size[0] // 4, size[1] // 4), "RGBA")
    return small.resize(size, Image.Resampling.NEAREST)


async def test_twenty_of_the_largest_pictures_at_once_cost_less_than_250_megabytes(largest):
    crowd = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.core.crowd", *map(str, largest), stdout=subprocess.PIPE
    )
    said, _ = await crowd.communicate()
    cleaned, grown = map(int, said.split())
    assert cleaned == 20
    assert 100_000_000 < grown < 250_000_000
