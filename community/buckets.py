"""Five-minute buckets: in a SUPPORT group nothing tells when exactly it was written."""

from datetime import UTC, datetime, timedelta

from community.groups import Group
from core import clock

BUCKET = timedelta(minutes=5)


def shown_at(group: Group) -> datetime:
    """When what is written now appears to others: at once, or when its bucket closes."""
    return _end(clock.now()) if group.sheltered else clock.now()


def _end(moment: datetime) -> datetime:
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    return moment + (epoch - moment) % BUCKET
