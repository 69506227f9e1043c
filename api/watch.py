"""The watch over open streams: one ends as soon as what it rests on has ended."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from api.policy import SignInFirst
from community import activity, memberships
from community.memberships import NotMember
from core import bus, sessions
from core.listeners import Listener

OFTEN = 0.5  # seconds between looks at sign-ins and memberships
SELDOM = 10.0  # seconds between looks for news that no message told


@dataclass(frozen=True, eq=False, slots=True)
class Stream:
    """An open subscription, and what it rests on."""

    listener: Listener
    session_id: UUID
    membership_id: UUID


_open: set[Stream] = set()


@contextmanager
def over(stream: Stream) -> Iterator[None]:
    _open.add(stream)
    try:
        yield
    finally:
        _open.discard(stream)


def count() -> int:
    return len(_open)


async def look() -> None:
    """End what has lost its sign-in or its membership: two statements for all streams."""
    streams = list(_open)
    if not streams:
        return
    signed_in = await sessions.alive([stream.session_id for stream in streams])
    members = await memberships.alive([stream.membership_id for stream in streams])
    for stream, is_signed_in, is_member in zip(streams, signed_in, members, strict=True):
        if not is_signed_in:
            stream.listener.end(SignInFirst())
        elif not is_member:
            stream.listener.end(NotMember())


async def look_for_news() -> None:
    """Wake whom a message did not reach: one statement for all streams."""
    listeners = bus.current().listeners
    topics = listeners.topics
    for topic, number in zip(topics, await activity.newest(topics), strict=True):
        listeners.hear(topic, number)
