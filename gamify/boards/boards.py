"""Boards: a measure, of people or of teams, in one period; open, then closed for good."""

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID, uuid5

from tortoise import fields
from tortoise.models import Model

from core import clock
from core.database import inserts
from core.errors import Forbidden, Invalid
from core.text import Text
from gamify.boards.spans import Period, Span

NAMESPACE = UUID("8c5f0a52-6f5e-4a9c-9f39-3f3c8ab6ad4b")
NOBODY = UUID(int=0)


class Measure(StrEnum):
    POINTS = "POINTS"
    THANKS = "THANKS"
    ANSWERS = "ANSWERS"
    VOLUME = "VOLUME"
    HOURS = "HOURS"
    RESOLUTION = "RESOLUTION"
    SATISFACTION = "SATISFACTION"


class Scope(StrEnum):
    PEOPLE = "PEOPLE"
    TEAMS = "TEAMS"


class Kind(NamedTuple):
    measure: Measure
    scope: Scope
    span: Span

    def on(self, day: date) -> "Board":
        """The board whose period holds this business date, whether it is stored yet or not."""
        period = Period.of(self.span, day)
        dates = {"begins_on": period.begins_on, "before": period.before}
        return Board(id=id_of(self, period.begins_on), **self._asdict(), **dates)


@lru_cache(maxsize=1000)
def id_of(kind: Kind, begins_on: date) -> UUID:
    return uuid5(NAMESPACE, f"{kind.measure}:{kind.scope}:{kind.span}:{begins_on}")


class Board(Model):
    """Its id follows from what it is, so that whoever needs it first may make it."""

    id = fields.UUIDField(primary_key=True)
    measure = fields.CharEnumField(Measure, max_length=20)
    scope = fields.CharEnumField(Scope, max_length=10)
    span = fields.CharEnumField(Span, max_length=10)
    begins_on: date = fields.DateField()
    before: date = fields.DateField(description="the first day that is not in it")
    is_mirrored = fields.BooleanField(default=False, description="whether Redis may be asked")
    closed_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "board"
        indexes = (("closed_at", "before"),)

    @property
    def kind(self) -> Kind:
        return Kind(self.measure, self.scope, self.span)

    @property
    def ends_on(self) -> date:
        return self.period.ends_on

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None

    def beside(self, scope: Scope) -> "Board":
        """The board of the same measure and period, of people or of teams."""
        return self.kind._replace(scope=scope).on(self.begins_on)

    @property
    def period(self) -> Period:
        return Period(self.span, self.begins_on, self.before)


class NotYet(Invalid):
    text = Text(
        "This day has yet to come.",
        "这一天还没有到。",
        "這一天還沒有到。",
    )


class PrivateMeasure(Forbidden):
    text = Text(
        "These figures are everybody's own; only teams are ranked by them.",
        "这些数据只有本人能看到，只做班组排名。",
        "這些數據只有本人看得到，只做班組排名。",
    )


#: What is known here, and what comes from outside: in days it would tell of single people.
INSIDE = [Measure.POINTS, Measure.THANKS, Measure.ANSWERS]
OUTSIDE = [measure for measure in Measure if measure not in INSIDE]
INSIDE_KINDS = [Kind(m, scope, span) for m in INSIDE for scope in Scope for span in Span]
OUTSIDE_KINDS = [Kind(m, Scope.TEAMS, span) for m in OUTSIDE for span in (Span.WEEK, Span.MONTH)]
KINDS = [*INSIDE_KINDS, *OUTSIDE_KINDS]


async def running(kinds: Iterable[Kind], days: Iterable[date]) -> list[Board]:
    """Boards that these days count for and that are open, made where the period is not over."""
    wanted = {board.id: board for kind in kinds for board in map(kind.on, days)}
    today = clock.business_date()
    if new := [board for board in wanted.values() if board.before > today]:
        await inserts.add(new, unless_there=True)
    return await Board.filter(id__in=[*wanted], closed_at__isnull=True)


async def opened(measure: Measure, day: date) -> list[Board]:
    """The boards of a measure that a day counts for, made where there are none."""
    wanted = [kind.on(day) for kind in INSIDE_KINDS if kind.measure is measure]
    await inserts.add(wanted, unless_there=True)
    return wanted


def period(kind: Kind, on: date | None) -> Period:
    """The running one, or that of a day gone by. Raises NotYet, PrivateMeasure."""
    if kind not in KINDS:
        raise PrivateMeasure
    today = clock.business_date()
    if on and on > today:
        raise NotYet
    return Period.of(kind.span, on or today)
