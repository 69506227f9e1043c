"""Quiet: when nothing may ping a person, because they are on shift or in their quiet hours.

The quiet hours are from 22 to 8 o'clock. After a shift that ends between 22 and 10 o'clock they
are from 1 to 9 hours after its end instead; until that shift began, the usual ones held.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from core import clock, settings
from core.rosters import shifts
from core.rosters.shifts import Shift

FROM, TO = time(22), time(8)
LATEST = time(10)  # of a shift's end, for its night to be made up for
HOME, RESTED = timedelta(hours=1), timedelta(hours=9)  # after such an end
DAY = timedelta(days=1)
BACK, AHEAD = DAY, 7 * DAY  # how far a shift may be away that decides


class Span(NamedTuple):
    """From its beginning on, up to its end."""

    begins: datetime
    ends: datetime


async def quiet_until(person_ids: Sequence[UUID], at: datetime) -> list[datetime | None]:
    """When the quiet ends in which each person is at a moment; None for whom it is not quiet.

    A roster may change meanwhile: ask again then.
    """
    found = await shifts.touching(person_ids, at - BACK, at + AHEAD)
    return [until(found[id], at) for id in person_ids]


async def now(person_ids: Sequence[UUID]) -> list[datetime | None]:
    """As long as it is quiet around each person now."""
    return await quiet_until(person_ids, clock.now())


def until(shifts: Sequence[Shift], at: datetime) -> datetime | None:
    """The same for one person, with these shifts in order. Spans that touch are one quiet."""
    ends = at
    for span in sorted([*_after_shifts(shifts), *_nights(shifts, at)]):
        if span.begins <= ends:
            ends = max(ends, span.ends)
    return ends if ends > at else None


def _after_shifts(shifts: Sequence[Shift]) -> Iterator[Span]:
    for shift in shifts:
        yield Span(shift.begins_at, shift.ends_at)
        if _night(shift.ends_at):
            yield Span(shift.ends_at + HOME, shift.ends_at + RESTED)


def _nights(shifts: Sequence[Shift], at: datetime) -> Iterator[Span]:
    """The usual quiet hours; of a night that is made up for, what was before that shift."""
    worked = {_night(shift.ends_at): shift.begins_at for shift in reversed(shifts)}
    today = clock.business_date(at)
    for days in range(-1, AHEAD.days + 1):
        night = today + days * DAY
        ends = _moment(night + DAY, TO)
        yield Span(_moment(night, FROM), min(ends, worked.get(night, ends)))


def _night(moment: datetime) -> date | None:
    """The day on whose evening the night began in which a shift ended, if in one."""
    local = moment.astimezone(_zone())
    if local.time() >= FROM:
        return local.date()
    return local.date() - DAY if local.time() <= LATEST else None


def _moment(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, _zone()).astimezone(UTC)


def _zone() -> ZoneInfo:
    return ZoneInfo(settings.current().time_zone)
