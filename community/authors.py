"""Authors: who wrote something, named or anonymous.

What is written anonymously carries no person. Three words:

- the *handle* stands on the row and can only be compared: HMAC(key, person, thread);
- the *alias* is the name shown, unique in its thread and another in every thread;
- the *seal* is the person's id under AES-GCM, in a table of its own, its key outside the database.

A thread is a post with its comments; its id and the version of the handle key make the `Thread`.
"""

import hmac
from collections.abc import Sequence
from datetime import date, timedelta
from hashlib import sha256
from os import urandom
from typing import NamedTuple, Protocol
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from tortoise import fields
from tortoise.models import Model

from community import aliases
from community.aliases import Alias
from core import clock, inserts, keys, people
from core.people import Person

SEALED_FOR = timedelta(days=180)


class Seal(Model):
    handle = fields.CharField(primary_key=True, max_length=64)
    thread_id: UUID = fields.UUIDField()
    sealed: bytes = fields.BinaryField(description="key version, nonce, the person's id encrypted")
    destroyed_on: date = fields.DateField(db_index=True)

    class Meta:
        table = "seal"


class Thread(NamedTuple):
    id: UUID
    key_version: int


class Byline(NamedTuple):
    """What a row says about its author: a person, or a handle with its alias."""

    author_id: UUID | None
    handle: str | None = None
    alias: str | None = None


class Written(Protocol):
    """A row that somebody wrote."""

    author_id: UUID | None
    handle: str | None
    alias: str | None

    @property
    def thread(self) -> Thread: ...


def thread(id: UUID) -> Thread:
    """A new thread under the current handle key."""
    return Thread(id, keys.ring("handle").current_version)


def handle(person_id: UUID, thread: Thread) -> str:
    key = keys.ring("handle").key(thread.key_version)
    return hmac.new(key, person_id.bytes + thread.id.bytes, sha256).hexdigest()


async def sign(person: Person, thread: Thread, *, anonymous: bool) -> Byline:
    """The byline under what this person writes; belongs into the transaction that writes it."""
    if not anonymous:
        return Byline(person.id)
    mine = handle(person.id, thread)
    await _seal(person.id, mine, thread)
    return Byline(None, mine, await aliases.take(mine, thread.id))


def wrote(person: Person, row: Written) -> bool:
    """Whether this person wrote the row; opens no seal."""
    if row.handle is None:
        return row.author_id == person.id
    return hmac.compare_digest(row.handle, handle(person.id, row.thread))


async def of(rows: Sequence[Written]) -> list[Person | Alias]:
    """Who is shown as the author of each row."""
    ids = [row.author_id for row in rows if row.author_id]
    by_id = {person.id: person for person in await people.named(ids)} if ids else {}
    return [by_id[row.author_id] if row.author_id else Alias(row.alias or "") for row in rows]


async def are_viewer(rows: Sequence[Written], *, viewer: Person) -> list[bool]:
    return [wrote(viewer, row) for row in rows]


async def destroy_seals() -> None:
    """Due work: what is 180 days old cannot be opened any more, by nobody."""
    await Seal.filter(destroyed_on__lte=clock.business_date()).delete()


async def _seal(person_id: UUID, handle: str, thread: Thread) -> None:
    ring = keys.ring("seal")
    nonce = urandom(12)
    closed = AESGCM(ring.key()).encrypt(nonce, person_id.bytes, handle.encode())
    version = ring.current_version.to_bytes(2, "big")
    seal = Seal(
        handle=handle,
        thread_id=thread.id,
        sealed=version + nonce + closed,
        destroyed_on=clock.business_date() + SEALED_FOR,
    )
    await inserts.added(seal)
