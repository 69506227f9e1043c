"""Openings: the jobs that friends may be brought for, kept by HR."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple, get_args
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint
from tortoise.models import Model

from core import audit, clock, events, idempotency, pages
from core.database import sql
from core.database.versions import KeptModel
from core.errors import Conflict, Invalid, NotFound
from core.pages import Connection, Listing, Page
from core.people import Grants, Person, PersonNotFound
from core.text import Language, Text
from core.transactions import transaction
from core.writing import written

LINE, TEXT = 80, 4000  # characters
MOST_POINTS = 2_000  # with the largest factor as many as one payment may be
MOST_FACTOR = 5

SIGNS = {"CNY": "¥", "HKD": "HK$", "TWD": "NT$", "USD": "US$"}

OPENINGS = Listing("openings", "opened_at")


class OpeningState(StrEnum):
    OPEN = "OPEN"
    PAUSED = "PAUSED"
    CLOSED = "CLOSED"


class Points(NamedTuple):
    """What each milestone of a friend pays."""

    hired: int
    day_90: int
    year_1: int


class Opening(KeptModel):
    id = fields.UUIDField(primary_key=True)
    title = fields.CharField(max_length=LINE)
    site = fields.CharField(max_length=LINE)
    team = fields.CharField(max_length=LINE)
    about = fields.TextField(description="what one does there, and for whom it is")
    contact = fields.CharField(max_length=2 * LINE, description="who answers candidates, and how")
    language: Language = fields.CharField(max_length=5, description="of these texts")  # type: ignore[assignment]  # one of three
    pay_from = fields.IntField(description="a month, in whole units")
    pay_to = fields.IntField()
    currency = fields.CharField(max_length=3, description="as in ISO 4217")
    hired_points = fields.IntField()
    day_90_points = fields.IntField()
    year_1_points = fields.IntField()
    extra_factor = fields.SmallIntField(description="by which points are multiplied for a while")
    extra_until: date | None = fields.DateField(null=True, description="its last day")
    extra_for = fields.CharField(max_length=LINE, description="what it is for, if there is one")
    state = fields.CharEnumField(OpeningState, max_length=10, default=OpeningState.OPEN)
    opened_at: datetime = fields.DatetimeField()

    class Meta:
        table = "opening"
        indexes = (("state", "opened_at", "id"), ("opened_at", "id"))
        constraints = (
            CheckConstraint("pay_from > 0 AND pay_to >= pay_from", "opening_pays"),
            CheckConstraint(
                f"extra_factor BETWEEN 1 AND {MOST_FACTOR}", "opening_extra_is_bounded"
            ),
        )

    @property
    def pay(self) -> str:
        """A month, as its currency writes it."""
        sign = SIGNS.get(self.currency, f"{self.currency} ")
        return f"{sign}{self.pay_from:,}–{self.pay_to:,}"

    @property
    def factor(self) -> int:
        """By which points are multiplied for a friend who applies today."""
        is_on = self.extra_until is not None and clock.business_date() <= self.extra_until
        return self.extra_factor if is_on else 1

    @property
    def points(self) -> Points:
        """What is promised to whoever brings a friend today."""
        each = (self.hired_points, self.day_90_points, self.year_1_points)
        return Points(*(self.factor * points for points in each))


LISTED = pages.Listed("SELECT opening.* FROM opening WHERE state = ANY(:states)", Opening, OPENINGS)


class Insider(Model):
    """Who decides about candidates, as recruiters and the hiring manager do, brings none."""

    id = fields.UUIDField(primary_key=True)
    opening: fields.ForeignKeyRelation[Opening] = fields.ForeignKeyField("models.Opening")
    opening_id: UUID
    person_id: UUID = fields.UUIDField(db_index=True)

    class Meta:
        table = "opening_insider"
        unique_together = ("opening", "person_id")


@dataclass(frozen=True, slots=True)
class Draft:
    """An opening as HR writes it; points as they are without anything extra."""

    title: str
    site: str
    team: str
    about: str
    contact: str
    language: Language
    pay_from: int
    pay_to: int
    hired_points: int
    day_90_points: int
    year_1_points: int
    currency: str = "CNY"
    extra_factor: int = 1
    extra_until: date | None = None
    extra_for: str = ""
    insider_ids: Sequence[UUID] = ()


class OpeningNotFound(NotFound):
    text = Text("This opening is not here.", "找不到这个职位。", "找不到這個職缺。")


class OpeningNotOpen(Conflict):
    text = Text(
        "Nobody can be brought for this opening just now.",
        "这个职位暂时不接受推荐。",
        "這個職缺暫時不接受推薦。",
    )


class BadPay(Invalid):
    text = Text(
        "Say what the job pays a month, from the least to the most.",
        "请填写月薪范围，先低后高。",
        "請填寫月薪範圍，先低後高。",
    )


class UnknownLanguage(Invalid):
    text = Text(
        "Its texts are in en, zh-CN or zh-TW.",
        "语言请填 en、zh-CN 或 zh-TW。",
        "語言請填 en、zh-CN 或 zh-TW。",
    )


class BadPoints(Invalid):
    text = Text(
        f"Points go from 0 to {MOST_POINTS:,}, and an extra multiplies them by 5 at most.",
        f"积分范围为 0 到 {MOST_POINTS:,}，额外奖励最多 5 倍。",
        f"點數範圍為 0 到 {MOST_POINTS:,}，額外獎勵最多 5 倍。",
    )


@transaction
async def create(draft: Draft, *, by: Person, key: str) -> Opening:
    """Raises BadPay, BadPoints, PersonNotFound, NothingWritten or TooLong."""
    id, columns = uuid4(), _columns(draft)
    asked = ["opening", asdict(draft)]
    if (first := await idempotency.claim(key, by=by.id, asked=asked, result=id)) != id:
        return await Opening.get(id=first)
    opening = await Opening.create(id=id, opened_at=clock.now(), **columns)
    await _put_insiders(opening, draft.insider_ids)
    await _told("opening.created", opening, by)
    return opening


@transaction
async def edit(opening_id: UUID, draft: Draft, *, by: Person) -> Opening:
    """As written now; what was promised for friends who applied before stays promised."""
    columns = _columns(draft)
    if not await Opening.filter(id=opening_id).update(**columns):
        raise OpeningNotFound
    opening = await Opening.get(id=opening_id)
    await _put_insiders(opening, draft.insider_ids)
    await _told("opening.edited", opening, by)
    return opening


@transaction
async def move(opening_id: UUID, state: OpeningState, *, by: Person) -> Opening:
    """Open, pause or close it; who has applied goes on."""
    if not await Opening.filter(id=opening_id).update(state=state):
        raise OpeningNotFound
    opening = await Opening.get(id=opening_id)
    await _told(f"opening.{state.lower()}", opening, by)
    return opening


async def visible(opening_id: UUID, *, to: Person) -> Opening:
    """The one way to reach an opening on a colleague's behalf. Raises OpeningNotFound."""
    opening = await Opening.get_or_none(id=opening_id, state__in=_shown(to))
    if opening is None:
        raise OpeningNotFound
    return opening


async def listed(
    *, to: Person, page: Page, state: OpeningState | None = None
) -> Connection[Opening]:
    """Those that are open; HR sees all, or those of one state."""
    states = [one for one in _shown(to) if state in {None, one}]
    return await LISTED.read(page, states=states)


async def by_id(opening_ids: Sequence[UUID]) -> list[Opening]:
    found = await sql.in_bulk(Opening, opening_ids)
    return [found[id] for id in opening_ids]


async def admitted(opening_ids: Sequence[UUID], *, viewer: Person) -> list[bool]:
    """Whether the viewer may bring friends for each opening."""
    barred = Insider.filter(opening_id__in=opening_ids, person_id=viewer.id)
    inside = {*await barred.values_list("opening_id", flat=True)}
    return [id not in inside for id in opening_ids]


async def insiders(opening_ids: Sequence[UUID]) -> list[list[Person]]:
    """Who decides about candidates for each."""
    rows = await Insider.filter(opening_id__in=opening_ids).order_by("person_id")
    known = await sql.in_bulk(Person, [row.person_id for row in rows]) if rows else {}
    return [[known[row.person_id] for row in rows if row.opening_id == id] for id in opening_ids]


def _shown(to: Person) -> Sequence[OpeningState]:
    return [*OpeningState] if to.may(Grants.HR) else [OpeningState.OPEN]


def _columns(draft: Draft) -> dict[str, Any]:
    columns = asdict(draft)
    del columns["insider_ids"]
    for name in ("title", "site", "team"):
        columns[name] = written(columns[name], most=LINE)
    columns["about"] = written(draft.about, most=TEXT)
    columns["contact"] = written(draft.contact, most=2 * LINE)
    columns["currency"] = written(draft.currency, most=3).upper()
    columns["extra_for"] = written(draft.extra_for, most=LINE) if draft.extra_until else ""
    if draft.language not in get_args(Language):
        raise UnknownLanguage
    if not 0 < draft.pay_from <= draft.pay_to:
        raise BadPay
    points = (draft.hired_points, draft.day_90_points, draft.year_1_points)
    bounded = all(0 <= each <= MOST_POINTS for each in points)
    if not bounded or not 1 <= draft.extra_factor <= MOST_FACTOR:
        raise BadPoints
    return columns


async def _put_insiders(opening: Opening, person_ids: Sequence[UUID]) -> None:
    ids = sorted(set(person_ids))
    if ids and await Person.filter(id__in=ids).count() < len(ids):
        raise PersonNotFound
    await Insider.filter(opening_id=opening.id).delete()
    await Insider.bulk_create([Insider(opening_id=opening.id, person_id=id) for id in ids])


async def _told(name: str, opening: Opening, by: Person) -> None:
    await events.record(name, actor=by.id, opening=opening.id)
    await audit.record(name, by=by.id, about=opening.id)
