"""Authors: who wrote something, named or anonymous.

What is written anonymously carries no person. Three words:

- the *handle* stands on the row and can only be compared: HMAC(key, person, thread);
- the *alias* is the name shown, unique in its thread and another in every thread;
- the *seal* is the person's id, encrypted, in a table of its own.

A thread is a post with its comments; its id and the version of the handle key make the `Thread`.
"""

import hmac
from collections.abc import Sequence
from hashlib import sha256
from typing import NamedTuple, Protocol
from uuid import UUID

from community import aliases, seals
from community.aliases import Alias
from core import keys, people
from core.people import Person


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

    @property
    def id(self) -> UUID: ...
    @property
    def author_id(self) -> UUID | None: ...
    @property
    def handle(self) -> str | None: ...
    @property
    def alias(self) -> str | None: ...
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
    await seals.put(person.id, handle=mine, thread_id=thread.id)
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
