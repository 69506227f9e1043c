"""Listeners: those in this process who wait for a topic to get further."""

import asyncio
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from uuid import UUID


class Listener:
    """Waits until its topic has got beyond a number, or until somebody ends the waiting."""

    def __init__(self) -> None:
        self._newest = 0
        self._end: Exception | None = None
        self._woken = asyncio.Event()

    def hear(self, number: int) -> None:
        self._newest = max(self._newest, number)
        self._woken.set()

    def end(self, why: Exception) -> None:
        self._end = why
        self._woken.set()

    def check(self) -> None:
        """Raises what ended the waiting."""
        if self._end:
            raise self._end

    async def beyond(self, number: int) -> None:
        """Raises what ended the waiting."""
        self.check()
        while self._newest <= number:
            self._woken.clear()
            await self._woken.wait()
            self.check()


class Listeners:
    def __init__(self) -> None:
        self._by_topic: defaultdict[UUID, set[Listener]] = defaultdict(set)

    @property
    def topics(self) -> Sequence[UUID]:
        return list(self._by_topic)

    @contextmanager
    def listen(self, topic: UUID) -> Iterator[Listener]:
        listener = Listener()
        self._by_topic[topic].add(listener)
        try:
            yield listener
        finally:
            self._by_topic[topic].discard(listener)
            if not self._by_topic[topic]:
                del self._by_topic[topic]

    def hear(self, topic: UUID, number: int) -> None:
        for listener in self._by_topic.get(topic, ()):
            listener.hear(number)
