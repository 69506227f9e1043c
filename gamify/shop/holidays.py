"""Holidays: on which days HR works, so that what waits is measured in working days."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from tortoise import fields
from tortoise.models import Model

from core import audit
from core.database import inserts
from core.database.sql import Statement
from core.errors import Invalid
from core.people import Person
from core.text import Text
from core.transactions import transaction
from core.writing import written

NAME = 80  # characters
SATURDAY = 5
DAY = timedelta(days=1)
LONGEST = 62  # days that are put at once
FARTHEST = 400  # days that are looked back, or at


class Holiday(Model):
    """A day unlike others of its weekday: off, or worked although it is at a weekend."""

    day: date = fields.DateField(primary_key=True)
    name = fields.CharField(max_length=NAME)
    is_worked = fields.BooleanField(description="a weekend that is worked for a holiday")

    class Meta:
        table = "holiday"


BETWEEN = Statement(
    "SELECT holiday.* FROM holiday WHERE day >= :since AND day <= :until ORDER BY day", Holiday
)


@dataclass(frozen=True)
class Calendar:
    worked: dict[date, bool]

    def works(self, day: date) -> bool:
        return self.worked.get(day, day.weekday() < SATURDAY)

    def age(self, since: date, until: date) -> int:
        """Working days that have begun since that day."""
        days = (until - since).days
        return sum(self.works(since + n * DAY) for n in range(1, days + 1))

    def before(self, day: date, age: int) -> date:
        """The last day of which what began then is older than so many working days."""
        while age >= 0:
            age -= self.works(day)
            day -= DAY
        return day


class TooManyDays(Invalid):
    text = Text(
        "From the first day to the last, at most {most} days.",
        "从第一天到最后一天，最多 {most} 天。",
        "從第一天到最後一天，最多 {most} 天。",
    )


class Days(NamedTuple):
    """Those around what was put."""

    holidays: list[Holiday]


@transaction
async def put(since: date, until: date, name: str, *, is_worked: bool, by: Person) -> Days:
    """Say how these days are, both included; saying it again changes it. Raises TooManyDays."""
    name = written(name, most=NAME)
    for n in range(_length(since, until, most=LONGEST)):
        holiday = Holiday(day=since + n * DAY, name=name, is_worked=is_worked)
        await inserts.put(holiday, "day")
    days = f"{since} to {until}"
    await audit.record("holidays.put", by=by.id, days=days, holiday=name, is_worked=is_worked)
    return await _around(since, until)


@transaction
async def remove(since: date, until: date, *, by: Person) -> Days:
    """Let these days be as others of their weekday. Raises TooManyDays."""
    _length(since, until, most=LONGEST)
    await Holiday.filter(day__gte=since, day__lte=until).delete()
    await audit.record("holidays.removed", by=by.id, days=f"{since} to {until}")
    return await _around(since, until)


async def listed(*, since: date, until: date) -> list[Holiday]:
    """Both days included. Raises TooManyDays."""
    _length(since, until, most=FARTHEST)
    return [holiday for (holiday,) in await BETWEEN.rows(since=since, until=until)]


async def calendar(until: date) -> Calendar:
    """Of the time until that day that matters for what still waits."""
    days = await BETWEEN.rows(since=until - FARTHEST * DAY, until=until)
    return Calendar({holiday.day: holiday.is_worked for (holiday,) in days})


async def _around(since: date, until: date) -> Days:
    return Days(await listed(since=since - LONGEST * DAY, until=until + LONGEST * DAY))


def _length(since: date, until: date, *, most: int) -> int:
    days = (until - since).days + 1
    if not 0 < days <= most:
        raise TooManyDays(most=most)
    return days
