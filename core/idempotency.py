"""Idempotency keys: the same request twice creates one thing.

A row holds keyed hashes only: whoever reads it learns neither who asked nor for what, so that it
does not lead from a person to what they wrote unseen.
"""

import hmac
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import orjson
from tortoise import fields
from tortoise.models import Model

from core import clock
from core.crypto import keys
from core.database.sql import Statement
from core.errors import Conflict, Invalid
from core.text import Text

KEPT = timedelta(days=3)


class IdempotencyKey(Model):
    id = fields.CharField(primary_key=True, max_length=64, description="of the person and the key")
    fingerprint = fields.CharField(max_length=64, description="of what was asked")
    result_id: UUID = fields.UUIDField(description="of what it created")
    forgotten_on: date = fields.DateField(
        db_index=True, description="a date, so that it dates nothing"
    )

    class Meta:
        table = "idempotency_key"


CLAIM = Statement(
    """
    INSERT INTO idempotency_key (id, fingerprint, result_id, forgotten_on)
    VALUES (:id, :fingerprint, :result, :forgotten_on) ON CONFLICT DO NOTHING RETURNING id
    """
)
CLAIMED = Statement("SELECT idempotency_key.* FROM idempotency_key WHERE id = :id", IdempotencyKey)


class KeyReused(Conflict):
    text = Text(
        "This idempotency key was used for another request. Use a new one.",
        "这个幂等键已用于另一个请求，请换一个新的。",
        "這個冪等鍵已用於另一個請求，請換一個新的。",
    )


class KeyMissing(Invalid):
    text = Text(
        "An idempotency key is missing. Make a random one for each new request.",
        "缺少幂等键，请为每个新请求随机生成一个。",
        "缺少冪等鍵，請為每個新請求隨機產生一個。",
    )


async def claim(key: str, *, by: UUID, asked: Any, result: UUID) -> UUID:
    """Reserve `key` for creating `result`; the id of what an earlier request created instead.

    Belongs into the transaction that creates. Raises KeyReused if something else was asked then,
    and KeyMissing.
    """
    if not key.strip():  # all who forget it would seem to ask again
        raise KeyMissing
    id = _keyed(b"key", by.bytes, key.encode())
    fingerprint = _keyed(b"asked", by.bytes, _plain(asked))
    until = clock.business_date() + KEPT
    if await CLAIM.rows(id=id, fingerprint=fingerprint, result=result, forgotten_on=until):
        return result
    earlier: IdempotencyKey
    [(earlier,)] = await CLAIMED.rows(id=id)
    if earlier.fingerprint != fingerprint:
        raise KeyReused
    return earlier.result_id


async def forget() -> None:
    """Due work: drop keys that nobody retries any more."""
    await IdempotencyKey.filter(forgotten_on__lte=clock.business_date()).delete()


def _keyed(*parts: bytes) -> str:
    return hmac.new(keys.secret("idempotency"), b"\0".join(parts), "sha256").hexdigest()


def _plain(asked: Any) -> bytes:
    return orjson.dumps(asked, default=str, option=orjson.OPT_SORT_KEYS)
