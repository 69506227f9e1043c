"""The bus: tells those who listen, in every process, how far a topic has got.

A message only wakes; what it is about is in the database. One that is lost does no harm, and a
Redis that is away only makes news slower.
"""

import asyncio
from functools import cache
from typing import Protocol
from uuid import UUID

from core import settings
from core.listeners import Listeners


class Bus(Protocol):
    listeners: Listeners

    def tell(self, topic: UUID, number: int) -> None:
        """Never waits and never fails."""

    async def run(self) -> None:
        """For ever: carry what is told from process to process."""


class MemoryBus:
    """One process on its own."""

    def __init__(self) -> None:
        self.listeners = Listeners()

    def tell(self, topic: UUID, number: int) -> None:
        self.listeners.hear(topic, number)

    async def run(self) -> None:
        await asyncio.Event().wait()


def current() -> Bus:
    chosen = settings.current()
    return _bus(chosen.redis, chosen.redis_protocol)


@cache
def _bus(url: str, protocol: int) -> Bus:
    if not url:
        return MemoryBus()
    from core.redis_bus import RedisBus  # noqa: PLC0415  # importing redis takes 0.3 s

    return RedisBus(url, protocol=protocol)
