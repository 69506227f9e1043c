"""The week: minutes that come back every seven days, in the organisation's time zone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from core import settings

DAY, WEEK = 24 * 60, 7 * 24 * 60  # minutes


class Weekday(StrEnum):
    MONDAY = "MONDAY"
    TUESDAY = "TUESDAY"
    WEDNESDAY = "WEDNESDAY"
    THURSDAY = "THURSDAY"
    FRIDAY = "FRIDAY"
    SATURDAY = "SATURDAY"
    SUNDAY = "SUNDAY"


WEEKDAYS: list[Weekday] = [*Weekday]


class Span(NamedTuple):
    """Some minutes of every week."""

    begin: int
    length: int

    @property
    def begins(self) -> time:
        return _time(self.begin)

    @property
    def begins_on(self) -> Weekday:
        return WEEKDAYS[self.begin // DAY]

    @property
    def ends(self) -> time:
        return _time(self.begin + self.length)

    @property
    def ends_on(self) -> Weekday:
        return WEEKDAYS[(self.begin + self.length) % WEEK // DAY]

    def holds(self, minute: int) -> bool:
        return (minute - self.begin) % WEEK < self.length

    def until(self, minute: int) -> int:
        """Minutes from this one until it begins again."""
        return (self.begin - minute) % WEEK or WEEK


@dataclass(frozen=True, slots=True)
class Hours:
    """A turn as it is asked for: what ends no later than it begins ends the next day."""

    weekday: Weekday
    begins: time
    ends: time

    @property
    def span(self) -> Span:
        begin = _minute(self.begins)
        length = (_minute(self.ends) - begin) % DAY or DAY
        return Span(WEEKDAYS.index(self.weekday) * DAY + begin, length)


def minute_of(moment: datetime) -> int:
    """How many minutes of its week have gone, by the clock on the wall."""
    local = moment.astimezone(_zone())
    return local.weekday() * DAY + _minute(local.time())


def moment_after(moment: datetime, minutes: int) -> datetime:
    """So many whole minutes later, by the clock on the wall."""
    local = moment.astimezone(_zone()).replace(tzinfo=None, second=0, microsecond=0)
    return (local + timedelta(minutes=minutes)).replace(tzinfo=_zone()).astimezone(UTC)


def gaps(spans: Sequence[Span]) -> list[Span]:
    """What these leave of a week, in order."""
    found, end = [], 0
    for begin, length in _spread(spans):
        if begin > end:
            found.append(Span(end, begin - end))
        end = max(end, begin + length)
    return _joined([*found, Span(end, WEEK - end)] if end < WEEK else found)


def _spread(spans: Sequence[Span]) -> list[Span]:
    """In order, and within one week: what goes over its end begins it, too."""
    over = [Span(0, beyond) for span in spans if (beyond := sum(span) - WEEK) > 0]
    return sorted([*spans, *over])


def _joined(gaps: list[Span]) -> list[Span]:
    """What ends with the week and goes on with it is one."""
    if len(gaps) > 1 and gaps[0].begin == 0 and sum(gaps[-1]) == WEEK:
        first, *between, last = gaps
        return [*between, Span(last.begin, last.length + first.length)]
    return gaps


def _minute(moment: time) -> int:
    return moment.hour * 60 + moment.minute


def _time(minute: int) -> time:
    return time(minute % DAY // 60, minute % 60)


def _zone() -> ZoneInfo:
    return ZoneInfo(settings.current().time_zone)
