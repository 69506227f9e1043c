"""Badges: what one can win, as HR describes it."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any, NamedTuple
from uuid import UUID

from tortoise import fields

from core.database import sql
from core.database.sql import Statement
from core.database.versions import KeptModel
from core.errors import NotFound
from core.events import Event
from core.people import Grant, Grants, Person
from core.text import Language, Text
from gamify.badges import pictures
from gamify.badges.criteria import Criteria, Level
from gamify.badges.deeds import DeedKind
from gamify.badges.emblems import Icon

BEGINNING = date(2000, 1, 1)


class BadgeKind(StrEnum):
    EARNED = "EARNED"  # by deeds that colleagues confirmed
    UNSEEN = "UNSEEN"  # by help in support groups; known to whoever helped alone
    EXPERT = "EXPERT"  # in a tag, for as long as one is an expert there
    GIVEN = "GIVEN"  # by somebody's hand


EARNED, UNSEEN, EXPERT, GIVEN = BadgeKind
COUNTED = {EARNED, UNSEEN}


class Badge(KeptModel):
    id = fields.UUIDField(primary_key=True)
    code = fields.CharField(max_length=40, unique=True, null=True, description="of a shipped one")
    kind = fields.CharEnumField(BadgeKind, max_length=10)
    icon = fields.CharEnumField(Icon, max_length=20)
    texts: dict[str, Any] = fields.JSONField(description="name and words, in every language")
    conditions: dict[str, Any] = fields.JSONField(description="its criteria")
    counts_from: date = fields.DateField(description="business date: deeds before do not count")
    givers = fields.SmallIntField(default=Grants.NONE, description="as in Grants; none: everybody")
    monthly_gifts = fields.SmallIntField(default=0, description="that each of them may make")
    is_active = fields.BooleanField(default=True, description="one can win it now")
    is_backfilling = fields.BooleanField(default=False, db_index=True)

    class Meta:
        table = "badge"

    @cached_property
    def criteria(self) -> Criteria:
        return Criteria.of(self.conditions)

    @property
    def levels(self) -> list["Rung"]:
        """What each level needs, from the lowest to the highest."""
        criteria = self.criteria
        return [
            Rung(level, *criteria.levels[level], pictures.url(self.icon, level))
            for level in criteria.rising
        ]

    @property
    def deeds(self) -> Sequence[DeedKind]:
        return self.criteria.deeds

    @property
    def tag_id(self) -> UUID | None:
        return self.criteria.tag_id

    @property
    def picture_url(self) -> str:
        """Without a level."""
        return pictures.url(self.icon, None)

    @property
    def name(self) -> Text:
        return Text(*self.texts["name"])

    @property
    def words(self) -> Text:
        """What it is for."""
        return Text(*self.texts["words"])


ACTIVE = Statement(
    "SELECT badge.* FROM badge WHERE kind = ANY(:kinds) AND is_active ORDER BY code, id", Badge
)
SHOWN = Statement("SELECT badge.* FROM badge WHERE is_active OR :all", Badge)


class Rung(NamedTuple):
    level: Level
    times: int
    people: int
    days: int
    weeks: int
    picture_url: str


class BadgeNotFound(NotFound):
    text = Text("There is no such badge.", "找不到这枚徽章。", "找不到這枚徽章。")


async def found(badge_id: UUID) -> Badge:
    badge = await Badge.get_or_none(id=badge_id)
    if badge is None:
        raise BadgeNotFound
    return badge


async def listed(*, to: Person) -> list[Badge]:
    """What one can win, the kinds in order; HR sees the others as well."""
    badges = [badge for (badge,) in await SHOWN.rows(all=to.may(Grants.HR))]
    order = list(BadgeKind)
    return sorted(badges, key=lambda badge: (order.index(badge.kind), badge.code or "~"))


async def active(*kinds: BadgeKind) -> list[Badge]:
    return [badge for (badge,) in await ACTIVE.rows(kinds=kinds)]


async def by_id(badge_ids: Sequence[UUID]) -> list[Badge]:
    known = await sql.in_bulk(Badge, badge_ids)
    return [known[id] for id in badge_ids]


async def names(badges: Sequence[Badge], *, language: Language) -> list[str]:
    return [badge.name.to(language) for badge in badges]


async def words(badges: Sequence[Badge], *, language: Language) -> list[str]:
    return [badge.words.to(language) for badge in badges]


async def name_texts(badges: Sequence[Badge]) -> list[Text]:
    """In every language, for those who change them."""
    return [badge.name for badge in badges]


async def words_texts(badges: Sequence[Badge]) -> list[Text]:
    return [badge.words for badge in badges]


async def giver_names(badges: Sequence[Badge]) -> list[list[Grant]]:
    """Who may give each: whoever carries one of these; where there is none, everybody."""
    return [[Grant[one.name] for one in Grants(badge.givers) if one.name] for badge in badges]


async def merge(event: Event) -> None:
    """Subscriber: what was asked for under a tag is asked for under the one it was merged into."""
    for badge in await Badge.filter(kind=EARNED):
        if badge.tag_id == UUID(event.payload["tag"]):
            conditions = badge.conditions | {"tag": event.payload["into"]}
            await Badge.filter(id=badge.id).update(conditions=conditions)
