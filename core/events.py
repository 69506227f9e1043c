"""The outbox: what happened, written in the transaction it happened in, delivered later.

`record` writes an event; the relay hands each, once it is due, to its subscribers. A subscriber
may see an event twice and knows nothing of the package that recorded it: the name and the
payload are the whole contract. What keeps failing is set aside with its error.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from random import uniform
from typing import Any, NamedTuple
from uuid import UUID

import structlog
from tortoise import fields
from tortoise.models import Model

from core import clock, transactions
from core.database import inserts
from core.database.sql import Statement
from core.transactions import transaction

log = structlog.get_logger(__name__)

LEASE = timedelta(seconds=60)
ATTEMPTS = 12
WAIT = 1.0  # seconds between looks when nobody wakes the relay


class Event(Model):
    id = fields.UUIDField(primary_key=True)
    name = fields.CharField(max_length=60)
    actor_id: UUID | None = fields.UUIDField(null=True, description="who did it, if that is public")
    handle = fields.CharField(max_length=64, null=True, description="or their handle")
    payload: dict[str, Any] = fields.JSONField()
    due_at = fields.DatetimeField(description="when it may be told; orders the delivery")
    leased_until: datetime | None = fields.DatetimeField(null=True)
    attempts = fields.SmallIntField(default=0)
    delivered_at: datetime | None = fields.DatetimeField(null=True)
    failed_at: datetime | None = fields.DatetimeField(null=True, description="set aside")
    error: str | None = fields.TextField(null=True)

    class Meta:
        table = "event"
        indexes = (("delivered_at", "failed_at", "due_at"),)


WAITING = """
    SELECT event.* FROM event WHERE delivered_at IS NULL AND failed_at IS NULL AND due_at <= :now
    AND (leased_until IS NULL OR leased_until < :now) ORDER BY due_at, id LIMIT :most
"""
DUE = Statement(f"{WAITING} FOR UPDATE SKIP LOCKED", Event, sqlite=WAITING)
LEASE_THEM = Statement(
    "UPDATE event SET leased_until = :until, attempts = attempts + 1 WHERE id = ANY(:ids)"
)
DELIVERED = Statement("UPDATE event SET delivered_at = :now, error = NULL WHERE id = :id")

Subscriber = Callable[[Event], Awaitable[None]]
Subscribers = Mapping[str, Sequence[Subscriber]]

_news = asyncio.Event()


async def record(
    name: str,
    *,
    actor: UUID | None = None,
    handle: str | None = None,
    due_at: datetime | None = None,
    **payload: UUID | str | int | bool | None,
) -> Event:
    """Write down what happened; `due_at` holds back when it is told (default: at once)."""
    event = Event(
        name=name,
        actor_id=actor,
        handle=handle,
        payload={k: str(v) if isinstance(v, UUID) else v for k, v in payload.items()},
        due_at=due_at or clock.now(),
    )
    await inserts.add([event])
    transactions.after_commit(wake)
    return event


def wake() -> None:
    """Tell the relay of this process that something was recorded."""
    _news.set()


async def deliver(subscribers: Subscribers, *, limit: int = 100) -> int:
    """Deliver what is due, oldest first; how many events were handled, failures included."""
    events = await _lease(limit)
    for event in events:
        await _hand_over(event, subscribers.get(event.name, ()))
    return len(events)


async def relay(subscribers: Subscribers) -> None:
    """Deliver for ever: at once when this process recorded something, else every second."""
    while True:
        _news.clear()
        if await deliver(subscribers) == 0:
            try:
                await asyncio.wait_for(_news.wait(), WAIT)
            except TimeoutError:
                continue


class Backlog(NamedTuple):
    """Events that are due and not delivered, and those set aside."""

    waiting: int
    lag: float  # seconds that the oldest has waited
    failed: int


async def backlog() -> Backlog:
    now = clock.now()
    waiting = Event.filter(delivered_at__isnull=True, failed_at__isnull=True, due_at__lte=now)
    oldest = await waiting.order_by("due_at").first()
    return Backlog(
        waiting=await waiting.count(),
        lag=(now - oldest.due_at).total_seconds() if oldest else 0.0,
        failed=await Event.filter(delivered_at__isnull=True, failed_at__isnull=False).count(),
    )


async def are_told(*, before: datetime) -> bool:
    """Whether whatever was due before this moment has been delivered, or set aside."""
    waiting = Event.filter(delivered_at__isnull=True, failed_at__isnull=True, due_at__lt=before)
    return not await waiting.exists()


async def failed(*, limit: int) -> list[Event]:
    """What was set aside, the oldest first."""
    aside = Event.filter(delivered_at__isnull=True, failed_at__isnull=False)
    return await aside.order_by("failed_at", "id").limit(limit)


@transaction
async def retry() -> int:
    """Gives what was set aside all its attempts again; how many events that are."""
    aside = Event.filter(delivered_at__isnull=True, failed_at__isnull=False)
    return await aside.update(failed_at=None, leased_until=None, attempts=0)


@transaction
async def _lease(limit: int) -> list[Event]:
    now = clock.now()
    events = [event for (event,) in await DUE.rows(now=now, most=limit)]
    if events:
        await LEASE_THEM.rows(ids=[event.id for event in events], until=now + LEASE)
    return events


async def _hand_over(event: Event, subscribers: Sequence[Subscriber]) -> None:
    try:
        for subscriber in subscribers:
            await subscriber(event)
    except Exception as error:  # noqa: BLE001  # whatever it is, the others must be delivered
        await _put_off(event, error)
    else:
        await DELIVERED.rows(id=event.id, now=clock.now())


async def _put_off(event: Event, error: Exception) -> None:
    attempts = event.attempts + 1
    log.warning("event_not_delivered", id=str(event.id), name=event.name, attempts=attempts)
    until = clock.now() + timedelta(seconds=2**attempts * uniform(0.5, 1.0))  # noqa: S311  # jitter
    failed_at = clock.now() if attempts >= ATTEMPTS else None
    await Event.filter(id=event.id).update(
        leased_until=until, failed_at=failed_at, error=repr(error)[:2000]
    )
