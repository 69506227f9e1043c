"""Risk words: phrases that signal danger, found in a text however it is spelt.

Of phrases that lie within each other the longest decides: "想死你了" is no "想死".
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import cache
from typing import NamedTuple
from unicodedata import normalize

from core.search.normaliser import HANZI, normal

UNSEEN = re.compile(
    "['＇’‘`´\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff]"
)
MARKS = re.compile("[，！？：；（）～…]+")  # what makes NFKC slow
WITHIN_CHINESE = re.compile(rf"[\s.*·•_|/-](?<=[{HANZI}].)[\s.*·•_|/-]*(?=[{HANZI}])", re.DOTALL)
BETWEEN_WORDS = re.compile(r"[\s._*-]+")
WORD = "[0-9a-z]"


class Level(StrEnum):
    """How soon somebody should look: within a day, within hours, within minutes."""

    GREEN = "GREEN"
    AMBER = "AMBER"
    RED = "RED"

    @property
    def rank(self) -> int:
        return [*Level].index(self)


class Hit(NamedTuple):
    """A phrase that decides, in its one form; without a level it is harmless."""

    form: str
    level: Level | None


class Words:
    """Phrases by their forms, with their levels, compiled once."""

    def __init__(self, phrases: Mapping[str, Level | None]) -> None:
        self._phrases = phrases
        self._pattern = re.compile(_pattern(phrases))

    def hits(self, text: str) -> list[Hit]:
        """What decides about a text, in the order in which it stands there."""
        found = map(normal, _widest(self._found(text)))
        return [Hit(phrase, self._phrases[phrase]) for phrase in found]

    def level(self, text: str) -> Level | None:
        """The highest level that a text reaches; None where nothing signals danger."""
        return highest(hit.level for hit in self.hits(text))

    def _found(self, text: str) -> list[re.Match[str]]:
        """The longest phrase at each place, even within others."""
        plain = _plain(text)
        found, match = [], self._pattern.search(plain)
        while match:
            found.append(match)
            match = self._pattern.search(plain, match.start() + 1)
        return found


def form(phrase: str) -> str:
    """The one form of what is spelt in many ways; a second time changes nothing."""
    return normal(_plain(phrase)).strip()


def highest(levels: Iterable[Level | None]) -> Level | None:
    return max(filter(None, levels), key=lambda level: level.rank, default=None)


def _widest(found: list[re.Match[str]]) -> list[str]:
    """Without what lies within another."""
    widest, end = [], 0
    for match in found:
        if match.end() > end:
            widest.append(match[0])
            end = match.end()
    return widest


def _plain(text: str) -> str:
    """The text in one width and case, without what only parts the characters of a word."""
    text = normalize("NFKC", MARKS.sub(",", UNSEEN.sub("", text))).casefold()
    return BETWEEN_WORDS.sub(" ", WITHIN_CHINESE.sub("", text))


def _pattern(forms: Iterable[str]) -> str:
    """Sorted by first characters, which is what the expression engine skips to."""
    arms = defaultdict[str, list[str]](list)
    for phrase in sorted(forms, key=len, reverse=True):
        for first in _variants().get(phrase[0], phrase[0]):
            arms[first].append(_behind_first(phrase))
    told = (f"{re.escape(first)}(?:{'|'.join(rests)})" for first, rests in arms.items())
    return "|".join(told) or "(?!)"


def _behind_first(phrase: str) -> str:
    """What follows the first character: no word begins before the phrase or goes on after it."""
    spelt = "".join(map(_spelt, phrase[1:]))
    before = f"(?<!{WORD}.{{{len(phrase)}}})" if re.match(WORD, phrase) else ""
    after = f"(?!{WORD})" if re.match(WORD, phrase[-1]) else ""
    return spelt + before + after


def _spelt(character: str) -> str:
    variants = _variants().get(character)
    return f"[{variants}]" if variants else re.escape(character)


@cache
def _variants() -> dict[str, str]:
    """Of each hanzi that is written in several ways, all of them."""
    every = "".join(map(chr, range(0x3400, 0xA000)))
    variants = defaultdict[str, str](str)
    for written, simplified in zip(every, normal(every), strict=True):
        variants[simplified] += written
    return {simplified: all for simplified, all in variants.items() if len(all) > 1}
