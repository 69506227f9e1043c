"""Quotas: how much one person may do within an hour and within a day.

What counts it is a keyed hash of person and hour, or day: another one each time, and undated. So it
leads to nobody, nor from one thing that somebody wrote to the next.
"""

import hmac
from datetime import UTC, date, datetime, time, timedelta
from math import ceil
from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from tortoise import fields
from tortoise.models import Model

from core import clock, settings
from core.crypto import keys
from core.database.sql import Statement
from core.errors import Busy
from core.people import Person
from core.text import Text

HOUR, DAY = timedelta(hours=1), timedelta(days=1)

What = Literal["posts", "comments", "reports"]


class Quota(Model):
    key = fields.CharField(primary_key=True, max_length=64)
    spent = fields.IntField()
    forgotten_on: date = fields.DateField(db_index=True)

    class Meta:
        table = "quota"


SPEND = Statement("""
    INSERT INTO quota (key, spent, forgotten_on)
    VALUES (:hour, 1, :forgotten_on), (:day, 1, :forgotten_on)
    ON CONFLICT (key) DO UPDATE SET spent = quota.spent + 1 RETURNING key, spent
""")


class TooMuchAtOnce(Busy):
    text = Text(
        "That is a lot at once. You can go on in {minutes} minutes.",
        "您发得有点太频繁了，请在 {minutes} 分钟后继续。",
        "您發得有點太頻繁了，請在 {minutes} 分鐘後繼續。",
    )


async def spend(what: What, *, by: Person) -> None:
    """Count one more; belongs into the transaction that writes it. Raises TooMuchAtOnce."""
    hour, today = clock.now().replace(minute=0, second=0, microsecond=0), clock.business_date()
    windows = {
        _key(what, by.id, hour.isoformat()): (f"hourly_{what}", hour + HOUR),
        _key(what, by.id, today.isoformat()): (f"daily_{what}", _midnight(today + DAY)),
    }
    hourly, daily = windows
    found = await SPEND.rows(hour=hourly, day=daily, forgotten_on=today + 2 * DAY)
    for key, spent in found:
        limit, end = windows[key]
        if spent > getattr(settings.current(), limit):
            wait = (end - clock.now()).total_seconds()
            raise TooMuchAtOnce(retry_after=ceil(wait), minutes=ceil(wait / 60))


async def forget() -> None:
    """Due work: drop what counts nothing any more."""
    await Quota.filter(forgotten_on__lte=clock.business_date()).delete()


def _midnight(day: date) -> datetime:
    zone = ZoneInfo(settings.current().time_zone)
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _key(what: What, person_id: UUID, window: str) -> str:
    told = f"quota:{what}:{person_id}:{window}".encode()
    return hmac.new(keys.secret("token"), told, "sha256").hexdigest()
