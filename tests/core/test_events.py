import asyncio
from collections import Counter
from datetime import timedelta
from uuid import uuid4

import pytest

from core import clock, events
from core.errors import Conflict
from core.events import ATTEMPTS, LEASE, Event
from core.text import Text
from core.transactions import transaction


class Refusal(Conflict):
    text = Text("No.", "不。", "不。")


def counting(seen: Counter):
    async def subscriber(event: Event) -> None:
        seen[event.id] += 1

    return subscriber


async def failing(event: Event) -> None:
    raise RuntimeError("out of order")


async def test_an_event_is_delivered_once_to_each_of_its_subscribers():
    seen, other = Counter(), Counter()
    event = await events.record("tea.made", actor=uuid4(), cups=2)
    await events.record("tea.spilt")
    subscribers = {"tea.made": [counting(seen), counting(other)]}

    assert await events.deliver(subscribers) == 2
    assert await events.deliver(subscribers) == 0

    assert (seen, other) == ({event.id: 1}, {event.id: 1})
    assert event.payload == {"cups": 2}


async def test_what_is_refused_leaves_no_event():
    @transaction
    async def refused() -> None:
        await events.record("tea.made")
        raise Refusal

    with pytest.raises(Refusal):
        await refused()
    assert not await Event.exists()


async def test_what_is_held_back_is_told_when_it_is_due_and_in_that_order():
    told = []

    async def listen(event: Event) -> None:
        told.append(event.payload["cup"])

    now = clock.now()
    await events.record("tea.made", due_at=now + timedelta(minutes=5), cup="late")
    await events.record("tea.made", due_at=now + timedelta(minutes=2), cup="early")

    assert await events.deliver({"tea.made": [listen]}) == 0
    with clock.set_to(now + timedelta(minutes=5)):
        assert await events.deliver({"tea.made": [listen]}) == 2
    assert told == ["early", "late"]


async def test_what_fails_is_put_off_and_does_not_hold_up_the_others():
    seen = Counter()
    bad, good = await events.record("tea.spilt"), await events.record("tea.made")
    subscribers = {"tea.spilt": [failing], "tea.made": [counting(seen)]}

    await events.deliver(subscribers)

    assert seen == {good.id: 1}
    await bad.refresh_from_db()
    assert bad.delivered_at is None
    assert bad.error == "RuntimeError('out of order')"
    assert await events.deliver(subscribers) == 0  # not before its pause is over
    with clock.set_to(clock.now() + timedelta(minutes=1)):
        assert await events.deliver({"tea.spilt": [counting(seen)]}) == 1
    assert seen[bad.id] == 1


async def test_what_keeps_failing_is_set_aside_with_its_error():
    event = await events.record("tea.spilt")
    now = clock.now()
    for attempt in range(ATTEMPTS):
        with clock.set_to(now + attempt * timedelta(hours=3)):
            assert await events.deliver({"tea.spilt": [failing]}) == 1
    with clock.set_to(now + timedelta(days=30)):
        assert await events.deliver({"tea.spilt": [failing]}) == 0
    await event.refresh_from_db()
    assert event.failed_at is not None
    assert event.attempts == ATTEMPTS


async def test_what_a_dead_process_held_is_delivered_when_its_lease_ends():
    event = await events.record("tea.made")
    seen = Counter()

    async def die(event: Event) -> None:
        raise asyncio.CancelledError  # nothing is noted, as after kill -9

    with pytest.raises(asyncio.CancelledError):
        await events.deliver({"tea.made": [die]})
    assert await events.deliver({"tea.made": [counting(seen)]}) == 0
    with clock.set_to(clock.now() + LEASE + timedelta(seconds=1)):
        assert await events.deliver({"tea.made": [counting(seen)]}) == 1
    assert seen == {event.id: 1}


@pytest.mark.committed
async def test_many_relays_at_once_share_the_events():
    for _ in range(30):
        await events.record("tea.made")
    seen = Counter()
    subscribers = {"tea.made": [counting(seen)]}

    delivered = await asyncio.gather(*(events.deliver(subscribers, limit=5) for _ in range(10)))
    while await events.deliver(subscribers):
        pass

    assert sum(seen.values()) == len(seen) == 30
    assert sum(delivered) <= 30


@pytest.mark.committed
async def test_the_relay_delivers_at_once_what_its_process_records(monkeypatch):
    monkeypatch.setattr(events, "WAIT", 60)
    told = asyncio.Event()

    async def listen(event: Event) -> None:
        told.set()

    relay = asyncio.create_task(events.relay({"tea.made": [listen]}))
    await asyncio.sleep(0)  # it looks, finds nothing and waits
    await events.record("tea.made")
    await asyncio.wait_for(told.wait(), 10)
    relay.cancel()
