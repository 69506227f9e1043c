"""Noto Sans CJK: one font for Latin and Chinese, with the strokes that each region writes."""

from functools import cache, lru_cache
from importlib.resources import files

from PIL import ImageFont
from PIL.ImageFont import FreeTypeFont, Layout

from core.text import Language

REGULAR, MEDIUM, BOLD = 400, 500, 700  # weights

COLLECTION = str(files("manimgx_fonts_cjk") / "NotoSansCJK-VF.otf.ttc")
PLACES: dict[Language, int] = {"en": 2, "zh-CN": 2, "zh-TW": 3}  # of the regions in it


@lru_cache(maxsize=128)
def font(size: int, weight: int = REGULAR, language: Language = "en") -> FreeTypeFont:
    """Of a size in pixels, laid out without libraries that a host may lack."""
    face = ImageFont.truetype(COLLECTION, size, index=PLACES[language], layout_engine=Layout.BASIC)
    face.set_variation_by_axes([weight])
    return face


def drawable(text: str) -> str:
    """In one line, without what the font lacks, such as emoji."""
    return "".join(char for char in " ".join(text.split()) if _is_known(char)).strip()


@lru_cache(maxsize=4096)
def _is_known(char: str) -> bool:
    return char == " " or (char.isprintable() and _drawn(char) != _unknown())


@cache
def _unknown() -> bytes:
    return _drawn("\uffff")  # no character, so no font has it


def _drawn(char: str) -> bytes:
    return bytes(font(24).getmask(char))
