"""Rules are versions, and each has a budget."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from structlog.testing import capture_logs

from core.events import Event
from gamify import payments, rules
from gamify.ledger import Transfer
from gamify.payments import Slot
from gamify.rules import Rule
from tests.gamify.makers import an_event, findings, pending, the_rule

MONDAY = datetime(2026, 11, 16, 4, tzinfo=UTC)


@pytest.fixture(autouse=True)
async def shipped(undo):
    await rules.ship()


async def test_shipping_again_changes_nothing():
    await Rule.filter(name="thanked").update(budget=20)

    await rules.ship()

    rule = await the_rule()
    assert (rule.name, rule.version, rule.points, rule.budget) == ("thanked", 1, 10, 20)


async def test_a_new_version_applies_forward_only():
    first = await the_rule()
    changes = {"id": uuid4(), "version": 2, "points": 3, "effective_from": MONDAY}
    second = await Rule.create(**dict(first) | changes)
    before = await an_event(at=MONDAY - timedelta(seconds=1))
    after = await an_event(at=MONDAY)

    await payments.pay(after)
    await payments.pay(before)

    assert (await pending(before), await pending(after)) == (10, 3)
    assert await Rule.filter(name="thanked").order_by("version").values_list("used", flat=True) == [
        10,
        3,
    ]
    assert (await Transfer.get(event_id=after.id)).rule_id == second.id


async def test_a_budget_is_never_exceeded_and_a_payment_it_cannot_bear_leaves_nothing_behind():
    await Rule.filter(name="thanked").update(budget=15)
    paid, unpaid = await an_event(), await an_event()

    await payments.pay(paid)
    with capture_logs() as logs:
        await payments.pay(unpaid)

    assert logs == [
        {"event": "rule.budget_spent", "rule": "thanked", "version": 1, "log_level": "warning"}
    ]
    assert (await pending(paid), await pending(unpaid)) == (10, 0)
    assert not await Transfer.exists(event_id=unpaid.id)
    assert await Slot.all().count() == 3
    assert await findings() == []


async def test_a_budget_warns_once_when_four_fifths_are_used():
    await Rule.filter(name="thanked").update(budget=50)

    with capture_logs() as logs:
        for _ in range(5):
            await payments.pay(await an_event())

    warning = await Event.get(name="rule.budget_low")
    told = {"id": str((await the_rule()).id), "rule": "thanked", "version": 1}
    assert warning.payload == told | {"used": 40, "budget": 50}
    assert (await the_rule()).used == 50
    assert [log["event"] for log in logs] == ["rule.budget_low"]


@pytest.mark.committed
async def test_fifty_payments_at_once_stay_within_the_budget():
    await Rule.filter(name="thanked").update(budget=205)
    thanked = [await an_event() for _ in range(50)]

    await asyncio.gather(*map(payments.pay, thanked))

    assert sum([await pending(event) for event in thanked]) == 200
    assert (await the_rule()).used == 200
    assert await Event.filter(name="rule.budget_low").count() == 1
    assert await findings() == []
