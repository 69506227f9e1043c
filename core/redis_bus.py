"""The bus of all processes that share a Redis."""

import asyncio
from random import uniform
from uuid import UUID

import structlog
from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from core.listeners import Listeners

log = structlog.get_logger(__name__)

CHANNEL = "breakroom:news"
LONGEST_PAUSE = 30.0  # seconds between attempts to reach Redis


def connection(url: str, protocol: int) -> Redis:
    """Tries nothing twice; `protocol` is 2 where Redis is older than 6."""
    return Redis.from_url(url, protocol=protocol, retry=Retry(NoBackoff(), 0))


async def answers(url: str, protocol: int, *, within: float) -> bool:
    """Whether Redis is there; within so many seconds."""
    try:
        async with asyncio.timeout(within), connection(url, protocol) as redis:
            return bool(await redis.ping())
    except (RedisError, OSError, TimeoutError):
        return False


class RedisBus:
    def __init__(self, url: str, *, protocol: int = 3) -> None:
        self.listeners = Listeners()
        self._redis = connection(url, protocol)
        self._untold: dict[UUID, int] = {}
        self._told = asyncio.Event()
        self.failures = 0
        """attempts in a row that did not reach Redis"""

    def tell(self, topic: UUID, number: int) -> None:
        self.listeners.hear(topic, number)
        self._untold[topic] = max(number, self._untold.get(topic, 0))
        self._told.set()

    async def run(self) -> None:
        try:
            while True:
                try:
                    await self._exchange()
                except* (RedisError, OSError) as failure:
                    self._note_failure(failure)
                await asyncio.sleep(self._pause())
        finally:
            await self._redis.aclose()

    async def _exchange(self) -> None:
        async with self._redis.pubsub() as channel:
            await channel.subscribe(CHANNEL)
            async with asyncio.TaskGroup() as both:
                both.create_task(self._receive(channel))
                both.create_task(self._send())

    async def _receive(self, channel: PubSub) -> None:
        async for message in channel.listen():
            if message["type"] == "subscribe":
                self._note_success()
            else:
                self._read(message["data"])

    async def _send(self) -> None:
        while await self._told.wait():
            self._told.clear()
            while self._untold:
                topic, number = self._untold.popitem()
                await self._redis.publish(CHANNEL, f"{topic.hex} {number}")

    def _read(self, message: bytes) -> None:
        try:
            topic, number = message.decode().split()
            self.listeners.hear(UUID(hex=topic), int(number))
        except ValueError:
            log.warning("bus_message_not_understood")

    def _note_success(self) -> None:
        if self.failures:
            log.info("bus_back")
        self.failures = 0

    def _note_failure(self, failure: BaseException) -> None:
        if not self.failures:
            log.warning("bus_away", error=repr(failure))
        self.failures += 1

    def _pause(self) -> float:
        longest = min(0.1 * 2.0 ** min(self.failures, 10), LONGEST_PAUSE)
        return longest * uniform(0.5, 1.0)  # noqa: S311  # jitter is no secret
