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
from typing import NamedTuple, Protocol, TypeVar
from uuid import UUID

from community import aliases, seals
from community.aliases import Alias
from core import people
from core.crypto import keys
from core.people import Person


class Thread(NamedTuple):
    id: UUID
    key_version: int | None
    """None where everybody acts under their name"""


class Unsheltered(ValueError):
    """Nobody has a handle where everybody acts under their name."""


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


Row = TypeVar("Row", bound=Written)

#: In SQL: a row's author, if it has a name.
NAMED = "LEFT JOIN person ON person.id = {}.author_id"


def thread(id: UUID, *, sheltered: bool) -> Thread:
    """A new thread; in a sheltered group under the current handle key."""
    return Thread(id, keys.ring("handle").current_version if sheltered else None)


def handle(person_id: UUID, thread: Thread) -> str:
    if thread.key_version is None:
        raise Unsheltered
    key = keys.ring("handle").key(thread.key_version)
    return hmac.new(key, person_id.bytes + thread.id.bytes, sha256).hexdigest()


def actor(person_id: UUID, thread: Thread) -> str:
    """Who did something to a thread's words: a person, or a handle where nobody is told."""
    return str(person_id) if thread.key_version is None else handle(person_id, thread)


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


def signed(row: Row, author: Person | None, *_: object) -> Row:
    """A row that was read together with its author."""
    vars(row)["author"] = author
    return row


async def of(rows: Sequence[Written]) -> list[Person | Alias]:
    """Who is shown as the author of each row."""
    read: list[Person | None] = [getattr(row, "author", None) for row in rows]
    both = list(zip(rows, read, strict=True))
    ids = [row.author_id for row, author in both if row.author_id and author is None]
    named = {person.id: person for person in await people.named(ids)}
    return [
        author or (named[row.author_id] if row.author_id else Alias(row.alias or ""))
        for row, author in both
    ]


async def are_viewer(rows: Sequence[Written], *, viewer: Person) -> list[bool]:
    return [wrote(viewer, row) for row in rows]
