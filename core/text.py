"""What people read, in each language they read it in."""

from functools import lru_cache
from typing import Literal, NamedTuple

Language = Literal["en", "zh-CN", "zh-TW"]

TRADITIONAL = ("zh-tw", "zh-hk", "zh-mo", "zh-hant")


class Text(NamedTuple):
    """One sentence in every language; `{name}` stands for a fact that is filled in."""

    en: str
    zh_cn: str
    zh_tw: str

    def to(self, language: Language, **facts: object) -> str:
        said = {"en": self.en, "zh-CN": self.zh_cn, "zh-TW": self.zh_tw}[language]
        return said.format(**facts) if facts else said


@lru_cache(maxsize=100)
def negotiate(accept_language: str) -> Language:
    """The language of ours that an Accept-Language header asks for first; English if none."""
    wishes = [wish.partition(";") for wish in accept_language.lower().split(",")[:20]]
    for tag, _, _ in sorted(wishes, key=lambda wish: -_weight(wish[2])):
        if tag.strip().startswith(TRADITIONAL):
            return "zh-TW"
        if tag.strip().startswith("zh"):
            return "zh-CN"
        if tag.strip().startswith("en"):
            return "en"
    return "en"


def _weight(parameter: str) -> float:
    try:
        return float(parameter.strip().removeprefix("q=") or 1)
    except ValueError:
        return 0
