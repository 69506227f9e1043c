"""Challenges: what is counted, from when to when, who may win and what they win; kept by HR."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from core import audit, clock, idempotency, pages
from core.errors import Conflict, Invalid, NotFound
from core.pages import Connection, Listing, Page
from core.people import Person
from core.text import Text
from core.transactions import transaction
from core.writing import written
from gamify.boards.boards import OUTSIDE, Measure, Scope
from gamify.boards.scores import UNIT
from gamify.boards.spans import DAY

TITLE, ABOUT = 80, 1000  # characters
LONGEST = timedelta(days=92)
MOST_PRIZE = 10_000  # points for each winner
MOST_PLACES, MOST_TARGET = 100, 1_000_000
BEST = 5  # satisfaction

CHALLENGES = Listing("challenges", "written_at")


class Aim(StrEnum):
    GOAL = "GOAL"  # whoever reaches a target wins
    TOP = "TOP"  # the first ones win


class Ties(StrEnum):
    SHARED = "SHARED"  # all who share the last winning place win
    EARLIEST = "EARLIEST"  # those who joined first


class Challenge(Model):
    id = fields.UUIDField(primary_key=True)
    title = fields.CharField(max_length=TITLE)
    about = fields.CharField(max_length=ABOUT)
    measure = fields.CharEnumField(Measure, max_length=20)
    scope = fields.CharEnumField(Scope, max_length=10)
    aim = fields.CharEnumField(Aim, max_length=10)
    ties = fields.CharEnumField(Ties, max_length=10)
    target = fields.IntField(description="to reach; where people compare with themselves, per cent")
    places = fields.SmallIntField(description="that win")
    begins_on: date = fields.DateField()
    before: date = fields.DateField(description="the first day that does not count")
    tenure_days = fields.IntField(description="one has to be here when it begins")
    attendance = fields.SmallIntField(description="per cent of the hours scheduled")
    quality = fields.SmallIntField(description="satisfaction at least, in hundredths")
    prize = fields.IntField(description="points for each winner")
    written_by: UUID = fields.UUIDField()
    written_at: datetime = fields.DatetimeField()
    settled_at: datetime | None = fields.DatetimeField(null=True)
    cancelled_at: datetime | None = fields.DatetimeField(null=True)
    closed_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "challenge"
        indexes = (("written_at", "id"), ("closed_at", "cancelled_at", "before"))

    @property
    def ends_on(self) -> date:
        return self.before - DAY

    @property
    def is_private(self) -> bool:
        """Places alone are shown, and everybody is compared with themselves."""
        return self.measure in OUTSIDE

    @property
    def quality_floor(self) -> float:
        return float(self.quality / UNIT)

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None

    @property
    def is_cancelled(self) -> bool:
        return self.cancelled_at is not None


LISTED = pages.Listed(
    "SELECT challenge.* FROM challenge WHERE cancelled_at IS NULL", Challenge, CHALLENGES
)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """As HR writes it; `ends_on` is the last day."""

    title: str
    about: str
    measure: Measure
    scope: Scope
    aim: Aim
    begins_on: date
    ends_on: date
    prize: int
    ties: Ties = Ties.SHARED
    target: int = 0
    places: int = 0
    tenure_days: int = 0
    attendance: int = 0
    quality_floor: float = 0


class ChallengeNotFound(NotFound):
    text = Text("This challenge is not here.", "找不到这个挑战赛。", "找不到這個挑戰賽。")


class ChallengeBegun(Conflict):
    text = Text(
        "It has begun, and its rules stay as they are. It can be cancelled.",
        "挑战赛已经开始，规则不能再改，但可以取消。",
        "挑戰賽已經開始，規則不能再改，但可以取消。",
    )


class ChallengeOver(Conflict):
    text = Text("This challenge is over.", "这个挑战赛已经结束。", "這個挑戰賽已經結束。")


class BadWindow(Invalid):
    text = Text(
        f"Choose a first day from today on, and a last day within {LONGEST.days} days.",
        f"请选择今天起的开始日期，持续不超过 {LONGEST.days} 天。",
        f"請選擇今天起的開始日期，持續不超過 {LONGEST.days} 天。",
    )


class BadChallengeFigure(Invalid):
    text = Text(
        "“{field}” goes from {least} to {most}.",
        "“{field}”的范围是 {least} 到 {most}。",
        "「{field}」的範圍是 {least} 到 {most}。",
    )


@transaction
async def save(plan: Plan, *, by: Person, key: str, challenge_id: UUID | None = None) -> Challenge:
    """Write a new one, or change one that has yet to begin."""
    values = _values(plan)
    if challenge_id:
        return await _change(challenge_id, values, by)
    new = Challenge(id=uuid4(), written_by=by.id, written_at=clock.now(), **values)
    id = await idempotency.claim(key, by=by.id, asked=vars(plan), result=new.id)
    if id != new.id:
        return await Challenge.get(id=id)
    await new.save(force_create=True)
    await audit.record("challenge.saved", by=by.id, about=new.id)
    return new


@transaction
async def cancel(challenge_id: UUID, *, by: Person) -> Challenge:
    """Nobody wins. Raises ChallengeOver."""
    challenge = await found(challenge_id)
    open_ = Challenge.filter(id=challenge.id, closed_at__isnull=True, cancelled_at__isnull=True)
    if not await open_.update(cancelled_at=clock.now()):
        raise ChallengeOver
    await audit.record("challenge.cancelled", by=by.id, about=challenge.id)
    return await found(challenge_id)


async def found(challenge_id: UUID) -> Challenge:
    """Raises ChallengeNotFound."""
    challenge = await Challenge.get_or_none(id=challenge_id)
    if challenge is None:
        raise ChallengeNotFound
    return challenge


async def listed(page: Page) -> Connection[Challenge]:
    """All that were not cancelled, latest first."""
    return await LISTED.read(page)


async def _change(id: UUID, values: dict[str, object], by: Person) -> Challenge:
    await found(id)
    waiting = Challenge.filter(
        id=id,
        begins_on__gt=clock.business_date(),
        cancelled_at__isnull=True,
        closed_at__isnull=True,
    )
    if not await waiting.update(**values):
        raise ChallengeBegun
    await audit.record("challenge.saved", by=by.id, about=id)
    return await found(id)


def _values(plan: Plan) -> dict[str, object]:
    """As they are kept. Raises BadWindow, BadChallengeFigure, NothingWritten, TooLong."""
    if not clock.business_date() <= plan.begins_on <= plan.ends_on < plan.begins_on + LONGEST:
        raise BadWindow
    is_goal = plan.aim is Aim.GOAL
    _check("target", plan.target, 1 if is_goal else 0, MOST_TARGET)
    _check("places", plan.places, 0 if is_goal else 1, MOST_PLACES)
    _check("prize", plan.prize, 0, MOST_PRIZE)
    _check("tenureDays", plan.tenure_days, 0, 3650)
    _check("attendance", plan.attendance, 0, 100)
    _check("qualityFloor", plan.quality_floor, 0, BEST)
    values = dict(vars(plan))
    values["before"] = values.pop("ends_on") + DAY
    values["quality"] = round(values.pop("quality_floor") * UNIT)
    values["title"] = written(plan.title, most=TITLE)
    values["about"] = written(plan.about, most=ABOUT)
    return values


def _check(field: str, value: float, least: int, most: int) -> None:
    if not least <= value <= most:
        raise BadChallengeFigure(field=field, least=least, most=most)
