"""Turns: of all who want one prize at the same moment a few order, and the others wait for them.

In the database they would wait, too, for its stock, but each with a connection that others need.
"""

import asyncio
from uuid import UUID
from weakref import WeakValueDictionary

AT_ONCE = 3  # in one process

_doors = WeakValueDictionary[UUID, asyncio.Semaphore]()


def turn(reward_id: UUID) -> asyncio.Semaphore:
    """To be held while one orders; as long as the request may take."""
    return _doors.setdefault(reward_id, asyncio.Semaphore(AT_ONCE))
