"""Quiet: when nothing may ping a person, because they are on shift or in their quiet hours.

The quiet hours are from 22 to 8 o'clock, unless somebody has chosen others. After a shift that
ends between 22 and 10 o'clock they are from 1 to 9 hours after its end instead; until that shift
began, they held.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from core import clock, settings
from core.messaging import quiet_hours
from core.messaging.quiet_hours import USUAL, Hours
from core.rosters import shifts
from core.rosters.shifts import Shift
from core.together import together

LATE, LATEST = time(22), time(10)  # of a shift's end, for its night to be made up for
NOON = time(12)  # whose quiet begins before it, its night began on the day before
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
    hours = await quiet_hours.of(person_ids)
    return [until(found[id], at, mine) for id, mine in zip(person_ids, hours, strict=True)]


@together
async def now(person_ids: Sequence[UUID]) -> list[datetime | None]:
    """As long as it is quiet around each person now."""
    return await quiet_until(person_ids, clock.now())


def until(shifts: Sequence[Shift], at: datetime, hours: Hours = USUAL) -> datetime | None:
    """The same for one person, with these shifts in order. Spans that touch are one quiet."""
    ends = at
    for span in sorted([*_after_shifts(shifts), *_nights(shifts, at, hours)]):
        if span.begins <= ends:
            ends = max(ends, span.ends)
    return ends if ends > at else None


def _after_shifts(shifts: Sequence[Shift]) -> Iterator[Span]:
    for shift in shifts:
        yield Span(shift.begins_at, shift.ends_at)
        if _night(shift.ends_at):
            yield Span(shift.ends_at + HOME, shift.ends_at + RESTED)


def _nights(shifts: Sequence[Shift], at: datetime, hours: Hours) -> Iterator[Span]:
    """The usual quiet hours; of a night that is made up for, what was before that shift."""
    worked = {_night(shift.ends_at): shift.begins_at for shift in reversed(shifts)}
    today = clock.business_date(at)
    for days in range(-2, AHEAD.days + 1):
        night = today + days * DAY
        span = _quiet(night, hours)
        yield Span(span.begins, min(span.ends, worked.get(night, span.ends)))


def _quiet(night: date, hours: Hours) -> Span:
    """These hours, in the night that begins on a day."""
    first = night + DAY if hours.begins < NOON else night
    last = first if hours.begins < hours.ends else first + DAY
    return Span(_moment(first, hours.begins), _moment(last, hours.ends))


def _night(moment: datetime) -> date | None:
    """The day on whose evening the night began in which a shift ended, if in one."""
    local = moment.astimezone(_zone())
    if local.time() >= LATE:
        return local.date()
    return local.date() - DAY if local.time() <= LATEST else None


def _moment(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, _zone()).astimezone(UTC)


def _zone() -> ZoneInfo:
    return ZoneInfo(settings.current().time_zone)
