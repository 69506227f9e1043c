"""The audit trail: who used a privilege, in a chain from which nothing can be taken or changed.

Each entry carries the hash of the one before and its own, keyed by a key outside the database. An
entry may name who acted; whom an anonymous text is from it never names: a handle at most.
"""

import hmac
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

import orjson
import structlog
from tortoise import fields
from tortoise.models import Model

from core import clock, transactions
from core.crypto import keys
from core.database import inserts
from core.database.sql import Statement
from core.errors import Refused
from core.integrity import Check
from core.transactions import transaction

log = structlog.get_logger(__name__)

CHAIN = "audit"
BEGINNING = "0" * 64  # the hash before the first entry
AT_ONCE = 1000  # entries proven in one look

Fact = UUID | str | int | bool | None


class AuditEntry(Model):
    id = fields.UUIDField(primary_key=True)
    number = fields.BigIntField(unique=True)
    name = fields.CharField(max_length=60)
    by_id: UUID | None = fields.UUIDField(
        db_index=True, null=True, description="a person; null is the system"
    )
    about_id: UUID | None = fields.UUIDField(null=True, db_index=True)
    facts: dict[str, Any] = fields.JSONField()
    at: datetime = fields.DatetimeField()
    key_version = fields.SmallIntField()
    before = fields.CharField(max_length=64, description="hash of the entry before")
    hash = fields.CharField(max_length=64)

    class Meta:
        table = "audit_entry"


class AuditHead(Model):
    """The end of the chain, in one row: who writes holds it, so that entries come one by one."""

    chain = fields.CharField(primary_key=True, max_length=10)
    number = fields.BigIntField()
    hash = fields.CharField(max_length=64)

    class Meta:
        table = "audit_head"


HEAD = f"SELECT audit_head.* FROM audit_head WHERE chain = '{CHAIN}'"
HOLD = Statement(f"{HEAD} FOR UPDATE", AuditHead, sqlite=HEAD)
MOVE = Statement(f"UPDATE audit_head SET number = :number, hash = :hash WHERE chain = '{CHAIN}'")


@transaction
async def record(
    name: str, *, by: UUID | None, about: UUID | None = None, **facts: Fact
) -> AuditEntry:
    """Write an entry with what it tells of; best last, since others who write one wait."""
    head = await _held()
    entry = AuditEntry(
        number=head.number + 1,
        name=name,
        by_id=by,
        about_id=about,
        facts={k: str(v) if isinstance(v, UUID) else v for k, v in facts.items()},
        at=clock.now(),
        key_version=keys.ring("audit").current_version,
        before=head.hash,
    )
    entry.hash = _hash(entry)
    await inserts.add([entry])
    await MOVE.rows(number=entry.number, hash=entry.hash)
    transactions.after_commit(partial(_witness, entry.number, entry.hash))
    return entry


@asynccontextmanager
async def refusals(
    name: str, *, by: UUID, about: UUID | None = None, **facts: Fact
) -> AsyncIterator[None]:
    """Around an action: an entry if it is refused, which outlives what the refusal rolls back."""
    try:
        yield
    except Refused as refused:
        await record(name, by=by, about=about, **facts, refused=refused.code)
        raise


async def chain_is_whole() -> list[str]:
    """The audit trail is as it was written: no entry is changed, missing or in another's place."""
    found, last = [], _beginning()
    while entries := await _after(last.number):
        for entry in entries:
            found += _contradictions(entry, last)
            last.number, last.hash = entry.number, entry.hash
    head = await AuditHead.get_or_none(chain=CHAIN) or _beginning()
    if (head.number, head.hash) != (last.number, last.hash):
        found.append(f"the trail ends with entry {last.number}, it should with {head.number}")
    return found


CHECKS: list[Check] = [chain_is_whole]


def _witness(number: int, hash: str) -> None:
    """Kept elsewhere, this line shows later whether the end of the trail was cut off."""
    log.info("audited", number=number, hash=hash)


async def _held() -> AuditHead:
    head: AuditHead
    while not (found := await HOLD.rows()):
        await inserts.added(_beginning())
    [(head,)] = found
    return head


def _beginning() -> AuditHead:
    return AuditHead(chain=CHAIN, number=0, hash=BEGINNING)


async def _after(number: int) -> list[AuditEntry]:
    return await AuditEntry.filter(number__gt=number).order_by("number").limit(AT_ONCE)


def _contradictions(entry: AuditEntry, last: AuditHead) -> list[str]:
    found = []
    if entry.number != last.number + 1:
        found.append(f"entry {last.number + 1} is missing")
    elif entry.before != last.hash:
        found.append(f"entry {entry.number} does not follow the one before")
    if not _is_genuine(entry):
        found.append(f"entry {entry.number} was changed")
    return found


def _is_genuine(entry: AuditEntry) -> bool:
    known = entry.key_version in keys.ring("audit").keys
    return known and entry.hash == _hash(entry)


def _hash(entry: AuditEntry) -> str:
    told = [entry.number, entry.name, entry.by_id, entry.about_id, entry.facts, entry.at]
    content = orjson.dumps([*told, entry.before], default=str, option=orjson.OPT_SORT_KEYS)
    return hmac.new(keys.ring("audit").key(entry.key_version), content, "sha256").hexdigest()
