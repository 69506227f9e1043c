"""What goes on beside requests, and in which processes."""

import asyncio

import pytest

from api import work
from core import events
from core.events import Event

pytestmark = pytest.mark.committed


async def test_one_process_may_leave_delivery_to_another(set_limits):
    await events.record("nothing.happened")
    before = len(asyncio.all_tasks())
    set_limits(delivers=False)
    async with work.going_on():
        only_its_own = len(asyncio.all_tasks()) - before
        assert only_its_own == 3  # its bus, its sessions' and its streams' watch
        assert (await Event.get()).delivered_at is None
        set_limits(delivers=True)
        async with asyncio.timeout(10), work.going_on():
            assert len(asyncio.all_tasks()) - before > 2 * only_its_own
            while (await Event.get()).delivered_at is None:  # noqa: ASYNC110  # it has no event
                await asyncio.sleep(0.005)


async def test_what_loses_a_cancellation_is_cancelled_again():
    begun, lost = asyncio.Event(), []

    async def stubborn() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            lost.append("a cancellation")
            await asyncio.Event().wait()

    task = asyncio.create_task(stubborn())
    await begun.wait()
    async with asyncio.timeout(10):
        await work.end([task])
    assert task.cancelled()
    assert lost == ["a cancellation"]
