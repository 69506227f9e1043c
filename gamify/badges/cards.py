"""Cards: a badge with its holder's name, to be shared in a chat."""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from core import clock, people, settings
from core.crypto import signing
from core.drawing import easel
from core.drawing.canvas import Canvas, Style
from core.drawing.fonts import BOLD, MEDIUM, REGULAR
from core.people import Person
from core.text import Language, Text
from gamify.badges import pictures
from gamify.badges.awards import Award, AwardNotFound
from gamify.badges.criteria import Level
from gamify.badges.emblems import Icon

WIDTH, HEIGHT = 750, 1000  # pixels
MEDAL = 512
KEPT = 64  # cards, in memory
PAPERS: dict[Level | None, tuple[str, str]] = {
    Level.BRONZE: ("#fbeee2", "#f0cfb0"),
    Level.SILVER: ("#f1f4f7", "#cfd9e3"),
    Level.GOLD: ("#fff6da", "#fbdc8e"),
    None: ("#e8f6f0", "#b8e0d2"),
}
INK, FAINT = "#3b322d", "#7a6d64"

PRODUCT = Text("Breakroom", "茶水间", "茶水間")
LEVELS = {
    Level.BRONZE: Text("Bronze", "铜牌", "銅牌"),
    Level.SILVER: Text("Silver", "银牌", "銀牌"),
    Level.GOLD: Text("Gold", "金牌", "金牌"),
}


class Card(NamedTuple):
    """What is written on it."""

    icon: Icon
    level: Level | None
    title: str
    holder: str
    words: str
    foot: str
    language: Language


async def urls(awards: Sequence[Award], *, language: Language) -> list[str | None]:
    """Where whoever has the link reads it, for as long as the badge is held."""
    return [None if award.ended_at else _url(award, language) for award in awards]


async def shared(award_id: UUID, language: Language, mark: str) -> tuple[Award, Person]:
    """What a link shows, and its holder. Raises BadLink, AwardNotFound, PersonNotFound."""
    signing.check(_name(award_id, language), mark)
    award = await Award.get_or_none(id=award_id, ended_at=None).select_related("badge")
    if award is None:
        raise AwardNotFound
    return award, await people.found(award.person_id)


async def drawn(award: Award, holder: Person, language: Language, *, tag: str | None) -> bytes:
    """A PNG."""
    badge = award.badge
    about = LEVELS[award.level].to(language) if award.level else tag
    card = Card(
        badge.icon,
        award.level,
        " · ".join(filter(None, [badge.name.to(language), about])),
        holder.name,
        award.words or badge.words.to(language),
        f"{PRODUCT.to(language)} · {clock.business_date(award.won_at)}",
        language,
    )
    return await easel.drawn(_draw, card)


@lru_cache(maxsize=KEPT)  # a chat shows what was sent to all who are in it
def _draw(card: Card) -> bytes:
    canvas = Canvas(WIDTH, HEIGHT, *PAPERS[card.level])
    canvas.block((40, 40, WIDTH - 40, HEIGHT - 40), "#ffffffb0", radius=36)
    canvas.place(pictures.medal(card.icon, card.level, zoom=2), ((WIDTH - MEDAL) / 2, 70))
    top = 612.0
    for text, size, weight, lines in (
        (card.holder, 36, MEDIUM, 1),
        (card.title, 46, BOLD, 1),
        (card.words, 28, REGULAR, 3),
    ):
        box, style = (80, top, WIDTH - 80, HEIGHT), Style(size, INK, weight, card.language)
        top = canvas.text(text, box, style, lines=lines, align="center") + 14
    foot = Style(22, FAINT, REGULAR, card.language)
    canvas.text(card.foot, (80, HEIGHT - 90, WIDTH - 80, HEIGHT), foot, align="center")
    return canvas.png()


def _url(award: Award, language: Language) -> str:
    mark = signing.mark(_name(award.id, language))
    return f"{settings.current().public_url}/cards/{award.id.hex}/{language}/{mark}.png"


def _name(award_id: UUID, language: Language) -> str:
    return f"card {award_id.hex} {language}"
