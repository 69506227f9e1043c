"""Earn years: points of one year expire on one date of the next, and pauses make it wait."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from core import pauses, settings

NOTICES = timedelta(days=30), timedelta(days=7)  # before points expire, that is told


def last_day(year: int) -> date:
    """Until when points of a year can be spent by whoever was never away."""
    return date.fromisoformat(f"{year + 1}-{settings.current().points_expire}")


def announced_on(year: int) -> date:
    return last_day(year) - NOTICES[0]


async def last_days(person_ids: Sequence[UUID], year: int) -> list[date]:
    """The same with each day added on which somebody was away since that year began."""
    day = last_day(year)
    away = await pauses.days(person_ids, date(year, 1, 1), day + timedelta(days=1))
    return [
        await _extended(id, year, n) if n else day for id, n in zip(person_ids, away, strict=True)
    ]


async def _extended(person_id: UUID, year: int, away: int) -> date:
    """A pause may reach into the days that pauses have added."""
    while True:
        day = last_day(year) + timedelta(days=away)
        [found] = await pauses.days([person_id], date(year, 1, 1), day + timedelta(days=1))
        if found == away:
            return day
        away = found
