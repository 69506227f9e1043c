"""Badges: what one can win, as HR describes it."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from core import audit, clock, idempotency
from core.database import inserts, sql
from core.errors import Conflict, Invalid, NotFound
from core.events import Event
from core.people import Grant, Grants, Person
from core.text import Language, Text
from core.transactions import transaction
from core.writing import written
from gamify.badges import pictures
from gamify.badges.criteria import Criteria, Level, Tally
from gamify.badges.deeds import DeedKind
from gamify.badges.emblems import Icon

NAME, WORDS = 40, 200  # characters
MOST_GIFTS = 100  # a month
NO_CRITERIA = Criteria({})
BEGINNING = date(2000, 1, 1)
SHIPPED = Path(__file__).with_suffix(".toml")


class BadgeKind(StrEnum):
    EARNED = "EARNED"  # by deeds that colleagues confirmed
    UNSEEN = "UNSEEN"  # by help in support groups; known to whoever helped alone
    EXPERT = "EXPERT"  # in a tag, for as long as one is an expert there
    GIVEN = "GIVEN"  # by somebody's hand


EARNED, UNSEEN, EXPERT, GIVEN = BadgeKind
COUNTED = {EARNED, UNSEEN}


class Badge(Model):
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

    @property
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


class Rung(NamedTuple):
    level: Level
    times: int
    people: int
    days: int
    weeks: int
    picture_url: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A badge as HR writes it."""

    kind: BadgeKind
    icon: Icon
    name: Text
    words: Text
    criteria: Criteria = NO_CRITERIA
    givers: Grants = Grants.NONE
    monthly_gifts: int = 0
    is_active: bool = True


class BadgeNotFound(NotFound):
    text = Text("There is no such badge.", "找不到这枚徽章。", "找不到這枚徽章。")


class KindStays(Conflict):
    text = Text(
        "How a badge is won stays as it is. Make a new badge.",
        "徽章的获得方式不能更改，请新建一枚徽章。",
        "徽章的取得方式不能更改，請新增一枚徽章。",
    )


class OneIsEnough(Conflict):
    text = Text(
        "There is a badge for experts already. Change that one.",
        "达人徽章已经存在，请直接修改它。",
        "達人徽章已經存在，請直接修改它。",
    )


class NotCountable(Invalid):
    text = Text(
        "Help in support groups is counted in times alone, whatever it was about.",
        "互助小组里的帮助只按次数统计，不区分内容。",
        "互助小組裡的幫助只按次數統計，不區分內容。",
    )


class GiftsNeeded(Invalid):
    text = Text(
        f"Say how often a month each may give it: from 1 to {MOST_GIFTS}.",
        f"请设置每人每月可颁发的次数：1 到 {MOST_GIFTS}。",
        f"請設定每人每月可頒發的次數：1 到 {MOST_GIFTS}。",
    )


@transaction
async def make(draft: Draft, *, by: Person, key: str) -> Badge:
    """A new badge; what is done from today on counts."""
    columns, id = _columns(draft), uuid4()
    earlier = await idempotency.claim(key, by=by.id, asked=columns, result=id)
    if earlier != id:
        return await found(earlier)
    if draft.kind is EXPERT and await Badge.exists(kind=EXPERT):
        raise OneIsEnough
    badge = await Badge.create(id=id, counts_from=clock.business_date(), **columns)
    await audit.record("badge.made", by=by.id, badge=badge.id)
    return badge


@transaction
async def change(badge_id: UUID, draft: Draft, *, by: Person) -> Badge:
    """What was won stays won."""
    badge = await found(badge_id)
    if badge.kind is not draft.kind:
        raise KindStays
    columns = _columns(draft)
    await badge.update_from_dict(columns).save(update_fields=[*columns])
    await audit.record("badge.changed", by=by.id, badge=badge.id)
    return badge


async def ship() -> None:
    """Put the badges that come with the product where they are not."""
    for code, plain in tomllib.loads(SHIPPED.read_text()).items():
        draft = _shipped(plain)
        await inserts.added(Badge(code=code, counts_from=BEGINNING, **_columns(draft)))


async def found(badge_id: UUID) -> Badge:
    badge = await Badge.get_or_none(id=badge_id)
    if badge is None:
        raise BadgeNotFound
    return badge


async def listed(*, to: Person) -> list[Badge]:
    """What one can win, the kinds in order; HR sees the others as well."""
    badges = Badge.all() if to.may(Grants.HR) else Badge.filter(is_active=True)
    order = list(BadgeKind)
    return sorted(await badges, key=lambda badge: (order.index(badge.kind), badge.code or "~"))


async def active(*kinds: BadgeKind) -> list[Badge]:
    return await Badge.filter(kind__in=kinds, is_active=True).order_by("code", "id")


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


def drafted(draft: Draft) -> Badge:
    """As it would be if everything that was done before counted."""
    return Badge(counts_from=BEGINNING, **_columns(draft))


def _columns(draft: Draft) -> dict[str, Any]:
    """Raises NothingWritten, TooLong, LevelsNotRising, NotCountable, GiftsNeeded."""
    if draft.kind in COUNTED:
        draft.criteria.check()
    if draft.kind is UNSEEN and not _is_times_alone(draft.criteria):
        raise NotCountable
    if draft.kind is GIVEN and not 0 < draft.monthly_gifts <= MOST_GIFTS:
        raise GiftsNeeded
    return {
        "kind": draft.kind,
        "icon": draft.icon,
        "texts": {
            "name": [written(said, most=NAME) for said in draft.name],
            "words": [written(said, most=WORDS) for said in draft.words],
        },
        "conditions": draft.criteria.plain(),
        "givers": int(draft.givers),
        "monthly_gifts": draft.monthly_gifts,
        "is_active": draft.is_active,
    }


def _is_times_alone(criteria: Criteria) -> bool:
    levels = criteria.levels.values()
    plain = all(figures == Tally(figures.times) for figures in levels)
    return plain and not criteria.deeds and criteria.tag_id is None


def _shipped(plain: dict[str, Any]) -> Draft:
    levels = {Level(level): Tally(**figures) for level, figures in plain.get("levels", {}).items()}
    return Draft(
        BadgeKind(plain["kind"]),
        Icon(plain["icon"]),
        Text(*plain["name"]),
        Text(*plain["words"]),
        Criteria(levels, [DeedKind(kind) for kind in plain.get("deeds", ())]),
        Grants[plain.get("givers", "NONE")],
        plain.get("monthly_gifts", 0),
    )
