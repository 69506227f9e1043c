"""Web hooks out: what another system is told, signed, and told again until it has taken it.

Signed as Standard Webhooks say: HMAC-SHA256 over id, moment and body. A call is leased, sent, and
gone once it was taken; what fails is tried again with growing pauses and set aside after twelve.
"""

import asyncio
import hmac
from base64 import b64encode
from collections.abc import Sequence
from datetime import datetime, timedelta
from random import uniform
from typing import Any
from uuid import UUID

import orjson
import structlog
from tortoise import fields
from tortoise.expressions import Q
from tortoise.models import Model

from core import clock, outbound, settings, transactions
from core.crypto import sealing
from core.crypto.resealing import Sealed
from core.database import inserts
from core.outbound import NotReachable
from core.transactions import transaction

log = structlog.get_logger(__name__)

AT_ONCE = 20  # calls
LEASE = timedelta(seconds=60)  # longer than they can take
ATTEMPTS = 12
WAIT = 1.0  # seconds between looks when nobody wakes us


class WebhookCall(Model):
    id = fields.UUIDField(primary_key=True, description="of what is told: told once, tried often")
    sealed: bytes = fields.BinaryField(description="what is told, encrypted: where somebody lives")
    due_at: datetime = fields.DatetimeField()
    leased_until: datetime | None = fields.DatetimeField(null=True)
    attempts = fields.SmallIntField(default=0, db_default=0)
    failed_at: datetime | None = fields.DatetimeField(null=True, description="set aside")
    error: str | None = fields.TextField(null=True)

    class Meta:
        table = "webhook_call"
        indexes = (("failed_at", "due_at"),)


SEALED = Sealed(WebhookCall, "sealed", "webhook", lambda call: call.id.bytes)

_news = asyncio.Event()


async def add(id: UUID, name: str, **facts: Any) -> None:
    """Tell the supplier something; the same id twice is once."""
    body = {"type": name, "timestamp": clock.now().isoformat(), "data": facts}
    sealed = sealing.closed("webhook", orjson.dumps(body), bound_to=id.bytes)
    if await inserts.added(WebhookCall(id=id, sealed=sealed, due_at=clock.now())):
        transactions.after_commit(_news.set)


async def send() -> int:
    """Send what is due; how many calls, failures included."""
    calls = await _lease() if settings.current().supplier_url else []
    failures = await asyncio.gather(*map(_send, calls))
    for call, failure in zip(calls, failures, strict=True):
        await _settle(call, failure)
    return len(calls)


async def run() -> None:
    """For ever: at once when this process wrote something, else every second."""
    while True:
        _news.clear()
        if await send() == 0:
            try:
                await asyncio.wait_for(_news.wait(), WAIT)
            except TimeoutError:
                continue


async def failed(*, limit: int) -> list[WebhookCall]:
    """What was set aside, the oldest first."""
    return await WebhookCall.filter(failed_at__isnull=False).order_by("failed_at").limit(limit)


@transaction
async def retry() -> int:
    """Gives what was set aside all its attempts again; how many that are."""
    aside = WebhookCall.filter(failed_at__isnull=False)
    return await aside.update(failed_at=None, error=None, attempts=0, due_at=clock.now())


def signature(id: str, timestamp: str, body: bytes, secret: bytes) -> str:
    said = f"{id}.{timestamp}.".encode() + body
    return f"v1,{b64encode(hmac.digest(secret, said, 'sha256')).decode()}"


@transaction
async def _lease() -> Sequence[WebhookCall]:
    now = clock.now()
    due = WebhookCall.filter(failed_at__isnull=True, due_at__lte=now)
    free = due.filter(Q(leased_until__isnull=True) | Q(leased_until__lt=now))
    calls = await free.order_by("due_at").limit(AT_ONCE).select_for_update(skip_locked=True)
    ids = [call.id for call in calls]
    await WebhookCall.filter(id__in=ids).update(leased_until=now + LEASE)
    return calls


async def _send(call: WebhookCall) -> str | None:
    """What went wrong; nothing here asks the database."""
    chosen = settings.current()
    body = sealing.opened("webhook", bytes(call.sealed), bound_to=call.id.bytes)
    timestamp = str(int(clock.now().timestamp()))
    secret = chosen.supplier_secret.get_secret_value().encode()
    headers = {
        "content-type": "application/json",
        "webhook-id": call.id.hex,
        "webhook-timestamp": timestamp,
        "webhook-signature": signature(call.id.hex, timestamp, body, secret),
    }
    try:
        await outbound.post(
            chosen.supplier_url, content=body, headers=headers, private=chosen.supplier_private
        )
    except NotReachable as failure:
        return str(failure)
    return None


@transaction
async def _settle(call: WebhookCall, failure: str | None) -> None:
    row, attempts = WebhookCall.filter(id=call.id), call.attempts + 1
    if failure is None:
        await row.delete()
    elif attempts >= ATTEMPTS:
        await row.update(failed_at=clock.now(), error=failure[:200], leased_until=None)
    else:
        pause = timedelta(seconds=2**attempts * uniform(0.5, 1.0))  # noqa: S311  # jitter
        again = clock.now() + pause
        await row.update(attempts=attempts, due_at=again, leased_until=None, error=failure[:200])
    if failure:
        log.warning("webhook_not_taken", id=str(call.id), attempts=attempts)
