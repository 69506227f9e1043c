"""The watch over open streams: one ends as soon as what it rests on has ended."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import compress
from uuid import UUID

from api.policy import SignInFirst
from community import activity, memberships
from community.memberships import NotMember
from core import bus
from core.identity import sessions
from core.listeners import Listener
from core.messaging import notices

OFTEN = 0.5  # seconds between looks at sign-ins and memberships
SELDOM = 10.0  # seconds between looks for news that no message told


@dataclass(frozen=True, eq=False, slots=True)
class Stream:
    """An open subscription, and what it rests on."""

    listener: Listener
    session_id: UUID
    membership_id: UUID | None = None


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
    needed = [stream.membership_id for stream in streams if stream.membership_id]
    members = {None, *compress(needed, await memberships.alive(needed))}
    for stream, is_signed_in in zip(streams, signed_in, strict=True):
        if not is_signed_in:
            stream.listener.end(SignInFirst())
        elif stream.membership_id not in members:
            stream.listener.end(NotMember())


async def look_for_news() -> None:
    """Wake whom a message did not reach: two statements for all streams."""
    listeners = bus.current().listeners
    topics = listeners.topics
    for newest in (activity.newest, notices.newest):
        for topic, number in zip(topics, await newest(topics), strict=True):
            listeners.hear(topic, number)
