"""The one clock: seeds, tests and due work may set it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from core import settings

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_set_to: ContextVar[datetime | None] = ContextVar("clock", default=None)


def now() -> datetime:
    """The present moment in UTC."""
    return _set_to.get() or datetime.now(UTC)


def business_date(moment: datetime | None = None) -> date:
    """The date of a moment (by default: now) in the organisation's time zone."""
    return (moment or now()).astimezone(ZoneInfo(settings.current().time_zone)).date()


def rounded_down(moment: datetime, step: timedelta) -> datetime:
    """The last whole step until then, counted from 1970."""
    return moment - (moment - EPOCH) % step


def rounded_up(moment: datetime, step: timedelta) -> datetime:
    return moment + (EPOCH - moment) % step


@contextmanager
def set_to(moment: datetime) -> Iterator[None]:
    """Within this block, and in the tasks it starts, the present is `moment`."""
    token = _set_to.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _set_to.reset(token)
