"""Announcements on their way to the robots of groups: by day, tried again, set aside at last."""

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import uuid4

import structlog
from tortoise import fields
from tortoise.expressions import F, Q
from tortoise.models import Model

from core import clock, settings
from core.database import inserts
from core.messaging import deliveries, quiet, robots
from core.messaging.channels import Rejected
from core.messaging.robots import RobotKind
from core.text import Text
from core.transactions import transaction

AT_ONCE = 20
LEASE = timedelta(seconds=60)  # longer than one can take
KEPT = timedelta(days=30)  # so that what is announced twice is said once

log = structlog.get_logger(__name__)


class Announcement(Model):
    id = fields.UUIDField(primary_key=True)
    robot = fields.CharEnumField(RobotKind, max_length=10)
    source = fields.CharField(max_length=80, description="what it is about, which is said once")
    words = fields.CharField(max_length=500)
    due_at: datetime = fields.DatetimeField(db_index=True)
    attempts = fields.SmallIntField(default=0)
    sent_at: datetime | None = fields.DatetimeField(null=True, db_index=True)
    failed_at: datetime | None = fields.DatetimeField(null=True, description="set aside")
    error: str | None = fields.TextField(null=True)

    class Meta:
        table = "announcement"
        unique_together = ("robot", "source")
        indexes = (("sent_at", "failed_at", "due_at"),)


class News(NamedTuple):
    """`source` is said once; whom the words name has to be known to everybody."""

    source: str
    text: Text
    facts: dict[str, object]


@transaction
async def announce(news: News) -> None:
    """Say something to every group that has a robot, when the usual quiet hours are over."""
    words = news.text.to(settings.current().language, **news.facts)
    now = clock.now()
    for kind in robots.configured():
        due_at = quiet.until([], now) or now
        row = Announcement(
            id=uuid4(), robot=kind, source=news.source, words=words[:500], due_at=due_at
        )
        await inserts.added(row)


async def deliver() -> int:
    """Due work: say what is due; how many, failures included."""
    leased = await _lease()
    for row in leased:
        await _settle(row, await _say(row))
    return len(leased)


async def failed(*, limit: int) -> list[Announcement]:
    """What was set aside, the oldest first."""
    aside = Announcement.filter(failed_at__not_isnull=True)
    return await aside.order_by("failed_at", "id").limit(limit)


async def failed_count() -> int:
    return await Announcement.filter(failed_at__not_isnull=True).count()


@transaction
async def retry() -> int:
    """Gives what was set aside all its attempts again; how many that are."""
    aside = Announcement.filter(failed_at__not_isnull=True)
    return await aside.update(failed_at=None, error=None, attempts=0, due_at=clock.now())


async def forget() -> None:
    """Due work: what was said long ago."""
    await Announcement.filter(sent_at__lt=clock.now() - KEPT).delete()


@transaction
async def _lease() -> list[Announcement]:
    now, known = clock.now(), robots.configured()
    due = Q(sent_at__isnull=True, failed_at__isnull=True, due_at__lte=now, robot__in=[*known])
    rows = Announcement.filter(due).order_by("due_at", "id").limit(AT_ONCE) if known else None
    found = await rows.select_for_update(skip_locked=True) if rows else []
    leased = Announcement.filter(id__in=[row.id for row in found])
    await leased.update(due_at=now + LEASE, attempts=F("attempts") + 1)
    return found


async def _say(row: Announcement) -> Exception | None:
    """What went wrong; nothing here asks the database."""
    try:
        await robots.configured()[row.robot].say(row.words)
    except Exception as failure:  # noqa: BLE001  # whatever it is, the others must be said
        return failure
    return None


async def _settle(row: Announcement, failure: Exception | None) -> None:
    this, attempts = Announcement.filter(id=row.id), row.attempts + 1
    if failure is None:
        await this.update(sent_at=clock.now())
        return
    log.warning("announcement_not_sent", robot=row.robot, attempts=attempts)
    if isinstance(failure, Rejected) or attempts >= deliveries.ATTEMPTS:
        await this.update(failed_at=clock.now(), error=repr(failure)[:200])
    else:
        await this.update(due_at=clock.now() + deliveries.pause(attempts))
