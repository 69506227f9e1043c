"""Figures of somebody's day, as other systems know them: for themselves alone."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from core import clock
from core.database.sql import Statement
from gamify.boards.boards import Measure
from gamify.boards.scores import UNIT
from gamify.boards.spans import DAY

SHOWN = timedelta(days=31)
MOST = timedelta(days=93)  # at once
KEPT = timedelta(days=400)

VALUES = ("volume", "on_duty", "scheduled", "resolution", "satisfaction")


class Figure(Model):
    id = fields.UUIDField(primary_key=True)
    person_id: UUID = fields.UUIDField()
    day: date = fields.DateField(db_index=True, description="business date")
    volume: int = fields.IntField(description="contacts handled")
    on_duty: int = fields.IntField(description="minutes")
    scheduled: int = fields.IntField(description="minutes")
    resolution: int | None = fields.IntField(null=True, description="at once; of 10,000")
    satisfaction: int | None = fields.IntField(null=True, description="hundredths")
    restated_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "figure"
        unique_together = ("person_id", "day")

    @property
    def on_duty_hours(self) -> float:
        return round(self.on_duty / 60, 2)

    @property
    def scheduled_hours(self) -> float:
        return round(self.scheduled / 60, 2)

    @property
    def resolution_rate(self) -> float | None:
        return None if self.resolution is None else self.resolution / 10_000

    @property
    def satisfaction_score(self) -> float | None:
        return None if self.satisfaction is None else self.satisfaction / 100


class Restatement(Model):
    """What a figure said before it was corrected."""

    id = fields.UUIDField(primary_key=True)
    figure: fields.ForeignKeyRelation[Figure] = fields.ForeignKeyField("models.Figure")
    figure_id: UUID
    at: datetime = fields.DatetimeField()
    was: dict[str, Any] = fields.JSONField()

    class Meta:
        table = "restatement"
        indexes = (("figure_id", "at"),)


class Earlier(NamedTuple):
    """As `Figure`, until it was corrected."""

    until: datetime
    volume: int
    on_duty_hours: float
    scheduled_hours: float
    resolution_rate: float | None
    satisfaction_score: float | None


class Sum(NamedTuple):
    """Of one person's days in a window."""

    person_id: UUID
    days: int
    volume: int
    on_duty: int
    scheduled: int
    resolved: int
    resolvable: int
    satisfaction: int
    rated: int

    def value(self, measure: Measure) -> int | None:
        """In hundredths, so that leave and short shifts do not hurt; None if it says nothing."""
        above, below = {
            Measure.VOLUME: (self.volume * 60 * UNIT, self.on_duty),  # in an hour on duty
            Measure.HOURS: (self.on_duty * 100 * UNIT, self.scheduled),  # per cent
            Measure.RESOLUTION: (self.resolved, self.resolvable),  # per cent
            Measure.SATISFACTION: (self.satisfaction, self.rated),
        }[measure]
        return round(above / below) if below else None


OF = Statement(
    """
    SELECT figure.* FROM figure
    WHERE person_id = ANY(:people) AND day >= :first AND day <= :last ORDER BY day DESC
    """,
    Figure,
)
SUMS = Statement("""
    SELECT person_id, COUNT(*), SUM(volume), SUM(on_duty), SUM(scheduled),
        COALESCE(SUM(resolution * volume) FILTER (WHERE resolution IS NOT NULL), 0),
        COALESCE(SUM(volume) FILTER (WHERE resolution IS NOT NULL), 0),
        COALESCE(SUM(satisfaction), 0), COUNT(satisfaction)
    FROM figure
    WHERE person_id = ANY(:people) AND day >= :since AND day < :before GROUP BY person_id
""")


async def of(
    person_ids: Sequence[UUID], *, since: date | None = None, until: date | None = None
) -> list[list[Figure]]:
    """One's own days, latest first: of the last 31, or of those asked for, at most 93."""
    last = until or clock.business_date()
    first = max(since or last - SHOWN + DAY, last - MOST + DAY)
    found: dict[UUID, list[Figure]] = {id: [] for id in person_ids}
    for (figure,) in await OF.rows(people=set(person_ids), first=first, last=last):
        found[figure.person_id].append(figure)
    return [found[id] for id in person_ids]


async def earlier(figures: Sequence[Figure]) -> list[list[Earlier]]:
    """What each said before, latest first."""
    found: dict[UUID, list[Earlier]] = {one.id: [] for one in figures}
    for row in await Restatement.filter(figure_id__in=[*found]).order_by("-at"):
        was = Figure(**row.was)
        hours = was.on_duty_hours, was.scheduled_hours
        rates = was.resolution_rate, was.satisfaction_score
        found[row.figure_id].append(Earlier(row.at, was.volume, *hours, *rates))
    return [found[one.id] for one in figures]


async def sums(person_ids: Iterable[UUID], since: date, before: date) -> dict[UUID, Sum]:
    """By person, of those who have any."""
    rows = await SUMS.rows(people=[*person_ids], since=since, before=before)
    read = (Sum(UUID(str(person)), *map(int, rest)) for person, *rest in rows)
    return {one.person_id: one for one in read}


async def forget() -> None:
    """Due work."""
    await Figure.filter(day__lt=clock.business_date() - KEPT).delete()
