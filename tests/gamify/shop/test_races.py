"""People who act in the shop at one moment: each prize goes once, and every figure is right."""

import asyncio
import os
from collections import Counter
from contextvars import Context
from itertools import cycle

import pytest
from tortoise.transactions import in_transaction

from core import clock
from gamify.shop import (
    moves,
    orders,
    pickups,
    reveals,
    step_batches,
    undoing,
    vouchers,
)
from gamify.shop.allotments import Allotment
from gamify.shop.redemptions import (
    APPROVED,
    CANCELLED,
    FULFILLED,
    READY,
    REJECTED,
    REQUESTED,
    Redemption,
)
from gamify.shop.stock import Stock
from gamify.shop.vouchers import Voucher
from tests.gamify.shop.makers import (
    a_budget,
    a_buyer,
    a_reward,
    a_voucher,
    an_hr,
    an_order,
    balance,
    findings,
    left,
    stepped,
    wanted,
)
from tests.makers import a_key
from tests.test_races import at_once

pytestmark = [pytest.mark.committed, pytest.mark.only("postgres")]

ROUNDS = int(os.environ.get("BREAKROOM_TEST_ROUNDS", "1"))
BUYERS = 40 if ROUNDS == 1 else 200


async def step(order, to, *, by):
    """What came of it for this order."""
    batch = await step_batches.step([order.id], to, by=by, key=a_key(), reason="Because")
    [(_, code)] = batch.outcome
    return code or to


@pytest.mark.parametrize("_", range(ROUNDS))
@pytest.mark.timeout(600)
async def test_of_many_who_want_the_last_seven_seven_get_one_and_the_others_keep_their_points(_):
    day = clock.business_date()
    reward = await a_reward(lying=7, budget_id=await a_budget(5 * 19_900, day, day))
    other = await a_reward(lying=7)
    buyers = [await a_buyer(500) for _ in range(BUYERS)]

    for prize, count, refusal in ((reward, 5, "BudgetUsedUp"), (other, 7, "OutOfStock")):
        order = await wanted(prize)
        outcome = await at_once(*(orders.redeem(order, by=one, key=a_key()) for one in buyers))
        assert outcome["Redemption"] == count
        assert outcome.keys() <= {"Redemption", refusal, "NotEnoughPoints"}

    assert (await left(reward), await left(other)) == (2, 0)
    paid = Counter([await balance(buyer) for buyer in buyers])
    assert paid == {500: len(buyers) - 12, 0: 12}
    assert (await Allotment.get()).left_cents == 0
    assert await findings() == []


async def test_who_waits_for_a_prize_keeps_nobody_from_another():
    wanted_by_all, other = await a_reward(), await a_reward()
    order, buyers = await wanted(wanted_by_all), [await a_buyer() for _ in range(30)]
    async with in_transaction():
        await Stock.filter(id=(await Stock.get(reward_id=wanted_by_all.id)).id).select_for_update()
        many = [
            asyncio.create_task(orders.redeem(order, by=one, key=a_key()), context=Context())
            for one in buyers
        ]
        ann = asyncio.create_task(an_order(other), context=Context())
        async with asyncio.timeout(2):
            await ann
        assert not any(one.done() for one in many)
    assert await at_once(*many) == {"Redemption": 7, "OutOfStock": 23}
    assert await findings() == []


async def test_one_key_sent_fifty_times_at_once_is_one_order():
    reward, ann, key = await a_reward(), await a_buyer(5000), a_key()
    order = await wanted(reward)
    made = await asyncio.gather(*(orders.redeem(order, by=ann, key=key) for _ in range(50)))
    assert len({redemption.id for redemption in made}) == 1
    assert (await balance(ann), await left(reward)) == (4500, 6)
    assert await findings() == []


async def test_who_taps_ten_times_gets_no_more_than_one_may():
    reward, ann = await a_reward(limit_count=2), await a_buyer(5000)
    order = await wanted(reward)
    outcome = await at_once(*(orders.redeem(order, by=ann, key=a_key()) for _ in range(10)))
    assert outcome == {"Redemption": 2, "LimitReached": 8}
    assert (await balance(ann), await left(reward)) == (4000, 5)


async def test_of_cancelling_and_making_ready_and_rejecting_at_once_one_wins():
    hr, seen = [await an_hr() for _ in range(3)], set()
    for _ in range(8):
        order = await an_order(by=(ann := await a_buyer()))
        await stepped(order, APPROVED)
        results = await asyncio.gather(
            moves.cancel(order.id, by=ann),
            step(order, READY, by=hr[0]),
            step(order, REJECTED, by=hr[1]),
            step(order, READY, by=hr[2]),
            return_exceptions=True,
        )
        cancelled = isinstance(results[0], Redemption)
        won = [result for result in results[1:] if result in {READY, REJECTED}]
        assert cancelled + len(won) == 1
        state = CANCELLED if cancelled else won[0]
        assert (await Redemption.get(id=order.id)).state is state
        assert await balance(ann) == (500 if state is READY else 1000)
        seen.add(state)
    assert await findings() == []


async def test_bulk_steps_and_orders_that_cross_leave_every_figure_right():
    day = clock.business_date()
    reward = await a_reward(lying=30, price=300, budget_id=await a_budget(10**7, day, day))
    hr, buyers = [await an_hr() for _ in range(3)], [await a_buyer(3000) for _ in range(6)]
    made = [await an_order(reward, by=buyer) for buyer in buyers * 2]
    ids, order = [one.id for one in made], await wanted(reward)

    async def bulk(states, by, *, turned=False):
        for to in states:
            asked = ids[::-1] if turned else ids
            await step_batches.step(asked, to, by=by, key=a_key(), reason="Because")

    await at_once(
        bulk([APPROVED, READY, FULFILLED], hr[0]),
        bulk([APPROVED, REJECTED, READY], hr[1], turned=True),
        bulk([APPROVED, READY, FULFILLED], hr[2]),
        *(orders.redeem(order, by=buyer, key=a_key()) for buyer in buyers),
        *(moves.cancel(one.id, by=by) for one, by in zip(made, cycle(buyers), strict=False)),
    )

    assert await findings() == []


async def test_what_is_undone_while_it_goes_on_is_in_one_place():
    hr = [await an_hr() for _ in range(2)]
    for _ in range(6):
        order = await an_order(by=(ann := await a_buyer()))
        [batch] = await stepped(order, APPROVED)
        await at_once(
            undoing.undo(batch.id, by=hr[0]),
            undoing.undo(batch.id, by=hr[1]),
            step(order, READY, by=hr[0]),
            moves.cancel(order.id, by=ann),
        )
        assert (await Redemption.get(id=order.id)).state in {REQUESTED, READY, CANCELLED}
    assert await findings() == []


async def test_a_code_that_is_scanned_at_three_counters_is_handed_over_once():
    hr, order = [await an_hr() for _ in range(3)], await an_order(by=(ann := await a_buyer()))
    await stepped(order, APPROVED, READY)
    [shown] = await pickups.passes([await Redemption.get(id=order.id)], viewer=ann)
    outcome = await at_once(*(pickups.hand_over(shown.code, by=by, key=a_key()) for by in hr))
    assert outcome == {"Redemption": 1, "NotThatStep": 2}
    assert await findings() == []


async def test_one_key_at_many_counters_has_one_answer():
    hr, order = await an_hr(), await an_order(by=(ann := await a_buyer()))
    await stepped(order, APPROVED, READY)
    [shown] = await pickups.passes([await Redemption.get(id=order.id)], viewer=ann)
    key = a_key()
    given = await asyncio.gather(*(pickups.hand_over(shown.code, by=hr, key=key) for _ in range(8)))
    assert {(one.state, one.collected_by_id) for one in given} == {(FULFILLED, ann.id)}

    order = await an_order(await a_voucher("TEA"), by=ann)
    calls = (reveals.reveal(order.id, by=ann, key=key + "2") for _ in range(8))
    told = {(one.voucher_code, one.redemption.state) for one in await asyncio.gather(*calls)}
    assert told == {("TEA", FULFILLED)}
    assert await findings() == []


async def test_who_taps_cancel_twice_at_once_hears_twice_that_it_is():
    order = await an_order(by=(ann := await a_buyer()))
    given = await asyncio.gather(*(moves.cancel(order.id, by=ann) for _ in range(6)))
    assert {one.state for one in given} == {CANCELLED}
    assert (await balance(ann), await findings()) == (1000, [])


async def test_every_buyer_gets_a_code_of_their_own():
    reward = await a_voucher(*(f"C{n}" for n in range(6)))
    buyers = [await a_buyer() for _ in range(8)]
    order = await wanted(reward)
    outcome = await at_once(*(orders.redeem(order, by=one, key=a_key()) for one in buyers))
    assert outcome == {"Redemption": 6, "OutOfStock": 2}
    made = await Redemption.all()
    owners = {one.id: one for one in buyers}
    revealed = await asyncio.gather(
        *(
            reveals.reveal(one.id, by=owners[one.buyer_id], key=a_key())
            for one in made
            for _ in range(2)
        ),
        return_exceptions=True,
    )
    codes = [one.voucher_code for one in revealed if isinstance(one, reveals.Revealed)]
    assert sorted(codes) == [f"C{n}" for n in range(6)]
    assert await findings() == []


async def test_the_same_file_of_codes_taken_in_twice_at_once_is_taken_in_once():
    reward, hr = await a_voucher(), await an_hr()
    calls = (vouchers.take_in(reward.id, "A1\nA2", by=hr, key=a_key()) for _ in range(3))
    assert await at_once(*calls) == {"Reward": 1, "CodesTwice": 2}
    assert await Voucher.all().count() == await left(reward) == 2
