"""Deliveries: notices on their way out of the app, kept while it is quiet, one message for all.

An address is leased, whatever is due there becomes one message, and the rows go once that was
taken. Who is killed in between leaves a lease that ends, and the message is sent again.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from random import uniform
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import structlog
from tortoise import fields
from tortoise.expressions import Q, Subquery
from tortoise.models import Model
from tortoise.queryset import QuerySet

from core import clock, transactions
from core.database import inserts
from core.database.sql import Statement
from core.identity import sessions
from core.messaging import addresses, quiet
from core.messaging.addresses import Address
from core.messaging.channels import AddressGone, Message, Rejected
from core.messaging.gateways import offered
from core.messaging.notice_settings import NoticeChannel
from core.text import Text
from core.transactions import transaction

log = structlog.get_logger(__name__)

AT_ONCE = 20  # messages
LEASE = timedelta(seconds=60)  # longer than they can take
ATTEMPTS = 12
WAIT = 1.0  # seconds between looks when nobody wakes us

URGENT = Text(
    "Somebody may need help now. Please open Breakroom.",
    "可能有人急需帮助，请打开茶水间。",
    "可能有人急需協助，請打開茶水間。",
)
ONE = Text("There is something new for you.", "茶水间有一条新消息。", "茶水間有一則新消息。")
MANY = Text(
    "{count} new things are waiting for you.",
    "茶水间有 {count} 条新消息。",
    "茶水間有 {count} 則新消息。",
)


class Delivery(Model):
    id = fields.UUIDField(primary_key=True)
    address: fields.ForeignKeyRelation[Address] = fields.ForeignKeyField(
        "models.Address", on_delete=fields.CASCADE
    )
    address_id: UUID
    notice: fields.ForeignKeyRelation[Any] = fields.ForeignKeyField(
        "models.Notice", on_delete=fields.CASCADE
    )
    notice_id: UUID
    is_urgent = fields.BooleanField()
    due_at: datetime = fields.DatetimeField()
    failed_at: datetime | None = fields.DatetimeField(null=True, description="set aside")
    error: str | None = fields.TextField(null=True)

    class Meta:
        table = "delivery"
        unique_together = ("notice", "address")
        indexes = (("failed_at", "due_at"), ("address_id",))


FORGET = Statement("DELETE FROM delivery WHERE notice_id = ANY(:notices)")


class Load(NamedTuple):
    """What goes to an address in one message."""

    address: Address
    rows: Sequence[Delivery]

    @property
    def message(self) -> Message:
        count, is_urgent = len(self.rows), any(row.is_urgent for row in self.rows)
        text = URGENT if is_urgent else ONE if count == 1 else MANY
        said = text.to(self.address.language, count=count)
        return Message(min(row.id for row in self.rows), said, is_urgent)


_news = asyncio.Event()


async def add(
    notice_id: UUID, person_id: UUID, channels: set[NoticeChannel], *, is_urgent: bool
) -> None:
    """Send word of a notice that is new; belongs into the transaction that writes it."""
    await forget([notice_id])
    for address in await addresses.of(person_id, channels):
        row = Delivery(
            id=uuid4(),
            address_id=address.id,
            notice_id=notice_id,
            is_urgent=is_urgent,
            due_at=clock.now(),
        )
        await inserts.added(row)
        transactions.after_commit(_news.set)


async def forget(notice_ids: Sequence[UUID]) -> None:
    """What was read in the app needs no message."""
    await FORGET.rows(notices=notice_ids)


async def deliver() -> int:
    """Send what is due; to how many addresses, failures included."""
    loads = await _loads()
    failures = await asyncio.gather(*map(_send, loads))
    for load, failure in zip(loads, failures, strict=True):
        await _settle(load, failure)
    return len(loads)


async def run() -> None:
    """For ever: at once when this process wrote something, else every second."""
    while True:
        _news.clear()
        if await deliver() == 0:
            try:
                await asyncio.wait_for(_news.wait(), WAIT)
            except TimeoutError:
                continue


async def failed(*, limit: int) -> list[Delivery]:
    """What was set aside, the oldest first."""
    aside = Delivery.filter(failed_at__isnull=False).select_related("address")
    return await aside.order_by("failed_at", "id").limit(limit)


async def failed_count() -> int:
    return await Delivery.filter(failed_at__isnull=False).count()


@transaction
async def retry() -> int:
    """Gives what was set aside all its attempts again; how many that are."""
    aside = Delivery.filter(failed_at__isnull=False)
    return await aside.update(failed_at=None, error=None, due_at=clock.now())


def pause(attempts: int) -> timedelta:
    """Until what has failed so often is tried again."""
    return timedelta(seconds=2**attempts * uniform(0.5, 1.0))  # noqa: S311  # jitter


@transaction
async def _loads() -> list[Load]:
    """Lease addresses, and take what is due there and does not have to wait."""
    leased = await _lease()
    if not leased:
        return []
    rows = await _due().filter(address_id__in=[address.id for address in leased])
    until = await quiet.quiet_until([address.person_id for address in leased], clock.now())
    loads = []
    for address, end in zip(leased, until, strict=True):
        mine = [row for row in rows if row.address_id == address.id]
        if end and (kept := [row.id for row in mine if not row.is_urgent]):
            await Delivery.filter(id__in=kept).update(due_at=end)
        if going := [row for row in mine if row.is_urgent or not end]:
            loads.append(Load(address, going))
        else:
            await Address.filter(id=address.id).update(leased_until=None)
    return loads


async def _lease() -> list[Address]:
    now = clock.now()
    free = Address.filter(
        Q(leased_until__isnull=True) | Q(leased_until__lt=now),
        id__in=Subquery(_due().values("address_id")),
    )
    found = await free.limit(AT_ONCE).select_for_update(skip_locked=True)
    standing = await _standing(found)
    await Address.filter(id__in=[one.id for one in standing]).update(leased_until=now + LEASE)
    return standing


async def _standing(found: Sequence[Address]) -> list[Address]:
    """Without devices that were signed out, which are no addresses any more."""
    devices = [address for address in found if address.session_id]
    alive = await sessions.alive([one.session_id for one in devices if one.session_id])
    ended = {one.id for one, is_alive in zip(devices, alive, strict=True) if not is_alive}
    if ended:
        await Address.filter(id__in=ended).delete()
    return [address for address in found if address.id not in ended]


def _due() -> QuerySet[Delivery]:
    return Delivery.filter(failed_at__isnull=True, due_at__lte=clock.now())


async def _send(load: Load) -> Exception | None:
    """What went wrong; nothing here asks the database."""
    try:
        channel = offered()[load.address.channel]
        await channel.send(load.address.target, load.message)
    except Exception as failure:  # noqa: BLE001  # whatever it is, the others must be sent
        return failure
    return None


@transaction
async def _settle(load: Load, failure: Exception | None) -> None:
    address = Address.filter(id=load.address.id)
    rows = Delivery.filter(id__in=[row.id for row in load.rows])
    attempts = load.address.attempts + 1
    if failure is None:
        await rows.delete()
        await address.update(attempts=0, leased_until=None)
    elif isinstance(failure, AddressGone):
        await address.delete()
    elif isinstance(failure, Rejected) or attempts >= ATTEMPTS:
        await rows.update(failed_at=clock.now(), error=repr(failure)[:200])
        await address.update(attempts=0, leased_until=None)
    else:
        await address.update(attempts=attempts, leased_until=clock.now() + pause(attempts))
    if failure:
        log.warning("notice_not_sent", channel=load.address.channel, attempts=attempts)
