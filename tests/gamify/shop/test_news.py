"""Who ordered something hears of each step that others take, and of none that was undone."""

import pytest

from api.composition import SUBSCRIBERS
from core import events
from gamify.shop import moves, undoing
from gamify.shop.redemptions import APPROVED, FULFILLED, READY, REJECTED, RETURNED
from tests.gamify.shop.makers import (
    a_buyer,
    a_reward,
    a_voucher,
    an_hr,
    an_order,
    approval_from,
    stepped,
)
from tests.makers import node, send


async def told(person):
    """What somebody has not read yet, and reads now: kind and subject."""
    while await events.deliver(SUBSCRIBERS):
        pass
    page = await send("Notices", by=person)
    await send("MarkNoticesRead", by=person)
    lines = [edge["node"] for edge in page["notices"]["edges"]]
    return [(line["kind"], line["subjectId"]) for line in lines if not line["isRead"]]


@pytest.mark.parametrize("way", [(REJECTED,), (APPROVED, READY, FULFILLED, RETURNED)])
async def test_each_step_of_an_order_is_told_to_who_ordered_it(way):
    order = await an_order(by=(ann := await a_buyer()))
    subject = node("redemption", order)
    assert await told(ann) == []
    for to in way:
        await stepped(order, to)
        assert await told(ann) == [("PICKUP" if to is READY else "REDEMPTION", subject)]


async def test_what_one_does_oneself_is_no_news():
    order = await an_order(by=(ann := await a_buyer()))
    await moves.cancel(order.id, by=ann)
    assert await told(ann) == []


async def test_what_needs_no_approval_is_told_once():
    await approval_from(1000)
    ann = await a_buyer()
    order = await an_order(await a_voucher("A1"), by=ann)
    kinds = {kind for kind, _ in await told(ann)}
    assert (order.state, kinds) == (READY, {"REDEMPTION", "PICKUP"})
    assert await told(ann) == []


@pytest.mark.parametrize("way", [(APPROVED,), (APPROVED, READY)])
async def test_what_was_undone_before_it_was_read_is_no_news(way):
    order = await an_order(by=(ann := await a_buyer()))
    *before, batch = await stepped(order, *way)
    await undoing.undo(batch.id, by=await an_hr())
    assert len(await told(ann)) == len(before)


async def test_whoever_sees_to_a_prize_hears_of_orders_but_not_of_their_own():
    hr, buyer = await an_hr(), await a_buyer()
    reward = await a_reward(responsible_id=hr.id)
    await an_order(reward, by=buyer)
    await an_order(reward, by=await a_buyer())
    assert await told(hr) == [("ORDERED", node("reward", reward))]
    own = await a_buyer()
    mine = await a_reward(responsible_id=own.id)
    await an_order(mine, by=own)
    assert await told(own) == []
