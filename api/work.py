"""What the server does while nobody asks: deliver events, and do what is due."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import structlog

from api.composition import DUTIES, SUBSCRIBERS
from core import events

log = structlog.get_logger(__name__)

EVERY = 30.0  # seconds between looks for what is due


@asynccontextmanager
async def going_on() -> AsyncIterator[None]:
    """Within this block the outbox is delivered and duties are done."""
    tasks = [asyncio.create_task(_for_ever(events.relay, SUBSCRIBERS))]
    tasks += [asyncio.create_task(_for_ever(_repeat, duty)) for duty in DUTIES]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _repeat(duty: Callable[[], Awaitable[object]]) -> None:
    while True:
        await duty()
        await asyncio.sleep(EVERY)


async def _for_ever(work: Callable[..., Awaitable[None]], *given: object) -> None:
    """Begin again after a fault: a database that was away comes back."""
    while True:
        try:
            await work(*given)
        except Exception:
            log.exception("work_interrupted", work=getattr(work, "__name__", ""))
            await asyncio.sleep(1)
