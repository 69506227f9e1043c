"""Five-minute buckets: in a SUPPORT group nothing tells when exactly it was written."""

from datetime import datetime, timedelta

from community.groups import Group
from core import clock

BUCKET = timedelta(minutes=5)


def shown_at(group: Group) -> datetime:
    """When what is written now appears to others: at once, or when its bucket closes."""
    return clock.rounded_up(clock.now(), BUCKET) if group.sheltered else clock.now()
