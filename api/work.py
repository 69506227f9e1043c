"""What the server does while nobody asks: deliver events, and do what is due."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Coroutine, Iterator
from contextlib import asynccontextmanager
from typing import Any

import structlog

from api import watch
from api.composition import DUTIES, SUBSCRIBERS
from core import bus, events, settings
from core.messaging import deliveries, webhooks

log = structlog.get_logger(__name__)

EVERY = 30.0  # seconds between looks for what is due


@asynccontextmanager
async def going_on() -> AsyncIterator[None]:
    """Within this block the outbox is delivered, streams are watched and duties are done."""
    works = [
        _for_ever(bus.current().run),
        _for_ever(_repeat, watch.look, watch.OFTEN),
        _for_ever(_repeat, watch.look_for_news, watch.SELDOM),
        *(_for_all() if settings.current().delivers else ()),
    ]
    tasks = [asyncio.create_task(work) for work in works]
    try:
        yield
    finally:
        await end(tasks)


def _for_all() -> Iterator[Coroutine[Any, Any, None]]:
    """What some process does for all."""
    yield _for_ever(events.relay, SUBSCRIBERS)
    yield _for_ever(deliveries.run)
    yield _for_ever(webhooks.run)
    yield from (_for_ever(_repeat, duty, EVERY) for duty in DUTIES)


async def end(tasks: Collection[asyncio.Task[None]]) -> None:
    """Where cleaning up fails, its fault takes the place of the cancellation, and that is lost."""
    left = {*tasks}
    while left:
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=1)


async def _repeat(duty: Callable[[], Awaitable[object]], seconds: float) -> None:
    while True:
        await duty()
        await asyncio.sleep(seconds)


async def _for_ever(work: Callable[..., Awaitable[None]], *given: object) -> None:
    """Begin again after a fault: a database that was away comes back."""
    while True:
        try:
            await work(*given)
        except Exception:
            log.exception("work_interrupted", work=getattr(work, "__name__", ""))
            await asyncio.sleep(1)
