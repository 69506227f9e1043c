"""Help that is offered: a card in the reader's language, and whether a counsellor is on call."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple, Protocol
from zoneinfo import ZoneInfo

from community import help_cards, risk_rules, rotas
from community.help_cards import HelpCard
from community.hiding_reasons import HidingReason
from community.rotas import Rota
from core import settings
from core.people import Person
from core.text import Language, Text

SOON = timedelta(hours=24)  # within which the time alone tells the day

ON_CALL = Text("A counsellor is on call now.", "现在有辅导员值班。", "現在有輔導員值班。")
LATER = Text(
    "No counsellor is on call until {until}. These answer now: {numbers}.",
    "{until} 之前没有辅导员值班。现在可以打通：{numbers}。",
    "{until} 之前沒有輔導員值班。現在可以打通：{numbers}。",
)
NEVER = Text(
    "No counsellor is on call. These answer now: {numbers}.",
    "目前没有辅导员值班。现在可以打通：{numbers}。",
    "目前沒有輔導員值班。現在可以打通：{numbers}。",
)
HELD_BACK = Text(
    "What you wrote is kept. Others see it once a counsellor has read it.",
    "你写的内容已保存，辅导员看过之后其他人才会看到。",
    "你寫的內容已保存，輔導員看過之後其他人才會看到。",
)


class OfferedLine(NamedTuple):
    number: str
    name: str
    hours: str | None

    @property
    def is_always_open(self) -> bool:
        return self.hours is None


class Written(Protocol):
    text: str
    hidden_for: int


@dataclass(frozen=True, slots=True)
class HelpOffer:
    card: HelpCard
    rota: Rota
    language: Language
    is_held_back: bool = False

    @property
    def region(self) -> str:
        return self.card.region

    @property
    def checked_on(self) -> date:
        return self.card.checked_on

    @property
    def message(self) -> str:
        return self.card.message.to(self.language)

    @property
    def held_back(self) -> str | None:
        return HELD_BACK.to(self.language) if self.is_held_back else None

    @property
    def lines(self) -> list[OfferedLine]:
        def said(text: Text | None) -> str | None:
            return text.to(self.language) if text else None

        return [
            OfferedLine(line.number, line.name.to(self.language), said(line.hours))
            for line in self.card.lines
        ]

    @property
    def is_counsellor_on_call(self) -> bool:
        return bool(self.rota.on_call)

    @property
    def counsellor_from(self) -> datetime | None:
        return self.rota.covered_from

    @property
    def coverage(self) -> str:
        """Whether a counsellor is there now, said in words."""
        numbers = " · ".join(line.number for line in self.lines if line.is_always_open)
        if self.rota.on_call:
            return ON_CALL.to(self.language)
        if self.counsellor_from is None:
            return NEVER.to(self.language, numbers=numbers)
        until = _told(self.counsellor_from, self.rota.at)
        return LATER.to(self.language, until=until, numbers=numbers)


async def to(person: Person, language: Language) -> HelpOffer | None:
    """What a person can turn to now; nothing where no card was ever written."""
    card = await help_cards.of(person)
    return HelpOffer(card, await rotas.current(), language) if card else None


async def to_each(people: Sequence[Person], *, language: Language) -> list[HelpOffer | None]:
    return [await to(person, language) for person in people]


async def for_words(
    rows: Sequence[Written], *, viewer: Person, language: Language
) -> list[HelpOffer | None]:
    """What is offered to the author of each text that signals danger."""
    words = await risk_rules.words()
    heard = [words.level(row.text) is not None for row in rows]
    offer = await to(viewer, language) if any(heard) else None
    return [
        HelpOffer(offer.card, offer.rota, language, bool(row.hidden_for & HidingReason.HELD))
        if offer and signals
        else None
        for row, signals in zip(rows, heard, strict=True)
    ]


def _told(moment: datetime, now: datetime) -> str:
    local = moment.astimezone(ZoneInfo(settings.current().time_zone))
    return f"{local:%H:%M}" if moment - now < SOON else f"{local:%m-%d %H:%M}"
