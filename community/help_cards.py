"""Help cards: whom one can call, by region and dated, in the reader's language.

A card is shown in the answer to what was written, at once. Each change is a version of its own.
"""

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from tortoise import fields

from community import regions
from community.regions import INTERNATIONAL
from core import audit, clock
from core.database import inserts
from core.database.sql import Statement
from core.database.versions import KeptModel
from core.errors import Conflict, Invalid
from core.people import Person
from core.text import Text
from core.transactions import transaction
from core.writing import written

MESSAGE, NAME, NUMBER, HOURS = 500, 80, 40, 80  # characters
MOST = 12  # lines of a card
SHIPPED = Path(__file__).with_suffix(".toml")


@dataclass(frozen=True, slots=True)
class Line:
    """Somebody who listens; without hours it is answered around the clock."""

    number: str
    name: Text
    hours: Text | None = None

    @property
    def is_always_open(self) -> bool:
        return self.hours is None


class HelpCard(KeptModel):
    id = fields.UUIDField(primary_key=True)
    region = fields.CharField(max_length=regions.CODE)
    version = fields.IntField()
    checked_on: date = fields.DateField(description="when the lines were tried or looked up")
    texts: dict[str, Any] = fields.JSONField(description="message and lines, in every language")
    written_by: UUID | None = fields.UUIDField(null=True, description="null: shipped")
    written_at: datetime = fields.DatetimeField()

    class Meta:
        table = "help_card"
        unique_together = ("region", "version")

    @property
    def message(self) -> Text:
        return Text(*self.texts["message"])

    @property
    def lines(self) -> list[Line]:
        return [
            Line(number, Text(*name), Text(*hours) if hours else None)
            for number, name, hours in self.texts["lines"]
        ]


OF = Statement(
    "SELECT help_card.* FROM help_card WHERE region = ANY(:regions) ORDER BY version", HelpCard
)
ALL = Statement("SELECT help_card.* FROM help_card ORDER BY region, version", HelpCard)


@dataclass(frozen=True, slots=True)
class Draft:
    """A card as counsellors write it."""

    region: str
    checked_on: date
    message: Text
    lines: Sequence[Line]


class LineNeeded(Invalid):
    text = Text(
        f"A card has 1 to {MOST} lines, one of them answered around the clock.",
        f"卡片需有 1 至 {MOST} 条热线，其中至少一条 24 小时有人接听。",
        f"卡片需有 1 至 {MOST} 條專線，其中至少一條 24 小時有人接聽。",
    )


class CardChanged(Conflict):
    text = Text(
        "Somebody has just changed this card. Look at it again.",
        "有人刚刚修改了这张卡片，请重新查看。",
        "有人剛剛修改了這張卡片，請重新查看。",
    )


@transaction
async def put(draft: Draft, *, after: int, by: Person) -> HelpCard:
    """A region's card from now on, in place of version `after`; of the first there is none: 0."""
    if not 0 < len(draft.lines) <= MOST or not any(line.is_always_open for line in draft.lines):
        raise LineNeeded
    card = _card(regions.code(draft.region), after + 1, draft, by.id)
    last = await HelpCard.filter(region=card.region).order_by("-version").first()
    if after != (last.version if last else 0) or not await inserts.added(card):
        raise CardChanged
    await audit.record("help_card.put", by=by.id, region=card.region, version=card.version)
    return card


async def ship() -> None:
    """Put the cards that come with the product where a region has none."""
    known = {card.region for card in await HelpCard.all().only("region")}
    for draft in shipped():
        if draft.region not in known:
            await inserts.added(_card(draft.region, 1, draft, None))


async def listed() -> list[HelpCard]:
    """The card of each region that has one."""
    return list({card.region: card for (card,) in await ALL.rows()}.values())


async def of(person: Person) -> HelpCard | None:
    """The card of the person's region, or else the one for everywhere."""
    region = await regions.of(person)
    cards = await OF.rows(regions=(region, INTERNATIONAL))
    latest = {card.region: card for (card,) in cards}
    return latest.get(region) or latest.get(INTERNATIONAL)


def shipped() -> Iterator[Draft]:
    told = tomllib.loads(SHIPPED.read_text("utf-8"))
    checked_on, message = told.pop("checked_on"), _text(told.pop("message"))
    for region, lines in told.items():
        yield Draft(region, checked_on, message, [_line(**line) for line in lines])


def _line(number: str, name: dict[str, str], hours: dict[str, str] | None = None) -> Line:
    return Line(number, _text(name), _text(hours) if hours else None)


def _text(words: dict[str, str]) -> Text:
    return Text(words["en"], words["zh-CN"], words["zh-TW"])


def _card(region: str, version: int, draft: Draft, by: UUID | None) -> HelpCard:
    lines = [
        [
            written(line.number, most=NUMBER),
            _written(line.name, NAME),
            _written(line.hours, HOURS) if line.hours else None,
        ]
        for line in draft.lines
    ]
    return HelpCard(
        region=region,
        version=version,
        checked_on=draft.checked_on,
        texts={"message": _written(draft.message, MESSAGE), "lines": lines},
        written_by=by,
        written_at=clock.now(),
    )


def _written(text: Text, most: int) -> list[str]:
    return [written(words, most=most) for words in text]
