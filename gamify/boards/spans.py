"""Spans: the days, weeks and months of the organisation's calendar."""

from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple, Self
from zoneinfo import ZoneInfo

from core import settings

DAY = timedelta(days=1)
MOST_DAYS = timedelta(days=31)  # of a month


class Span(StrEnum):
    DAY = "DAY"
    WEEK = "WEEK"
    MONTH = "MONTH"


class Period(NamedTuple):
    """One such span; `before` is the first day that is not in it any more."""

    span: Span
    begins_on: date
    before: date

    @classmethod
    def of(cls, span: Span, day: date) -> Self:
        """The one that holds a business date; weeks begin on Mondays."""
        if span is Span.DAY:
            return cls(span, day, day + DAY)
        if span is Span.WEEK:
            monday = day - day.weekday() * DAY
            return cls(span, monday, monday + 7 * DAY)
        first = day.replace(day=1)
        return cls(span, first, (first + MOST_DAYS).replace(day=1))

    @property
    def ends_on(self) -> date:
        return self.before - DAY

    @property
    def last(self) -> Self:
        """The one before this."""
        return self.of(self.span, self.begins_on - DAY)


def midnight(day: date) -> datetime:
    """The moment at which a business date begins."""
    zone = ZoneInfo(settings.current().time_zone)
    return datetime.combine(day, time(), zone).astimezone(UTC)
