from itertools import product

import pytest

from core import clock
from core.audit import AuditEntry
from core.people import Grants
from gamify.shop import moves, step_batches
from gamify.shop.allotments import Allotment
from gamify.shop.moves import BEFORE, NotThatStep
from gamify.shop.redemptions import (
    APPROVED,
    CANCELLED,
    FULFILLED,
    READY,
    REJECTED,
    REQUESTED,
    RETURNED,
    Redemption,
    RedemptionState,
)
from gamify.shop.step_batches import StepBatch
from gamify.shop.steps import RedemptionStep
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
)
from tests.makers import a_key, a_person, node, send

#: How an order gets to a state.
WAYS = {
    REQUESTED: (),
    APPROVED: (APPROVED,),
    READY: (APPROVED, READY),
    FULFILLED: (APPROVED, READY, FULFILLED),
    REJECTED: (REJECTED,),
    RETURNED: (APPROVED, READY, FULFILLED, RETURNED),
}


async def step(hr, orders, to, *, reason="Because", key=None):
    ids = [node("redemption", order) for order in orders]
    return await send("StepOrders", by=hr, orders=ids, to=to, reason=reason, key=key or a_key())


async def undo(hr, batch):
    return await send("UndoStep", by=hr, batch=batch["id"])


def codes(data):
    return [result["code"] for result in data["stepBatch"]["results"]]


async def states(*orders):
    return [(await Redemption.get(id=order.id)).state for order in orders]


async def test_from_request_to_hand_over_and_back():
    day = clock.business_date()
    reward = await a_reward(budget_id=await a_budget(50_000, day, day))
    ann, hr = await a_buyer(), await an_hr()
    order = await an_order(reward, by=ann)

    for state in (APPROVED, READY, FULFILLED):
        assert codes(await step(hr, [order], state, reason="")) == [None]
    allotment = await Allotment.get()
    assert (allotment.reserved_cents, allotment.spent_cents) == (0, 19_900)
    assert await findings() == []
    assert codes(await step(hr, [order], RETURNED, reason="It came broken")) == [None]

    shown = await send("Order", by=ann, order=node("redemption", order))
    told = [(one["state"], one["reason"]) for one in shown["steps"]]
    assert told == [
        ("REQUESTED", ""),
        ("APPROVED", ""),
        ("READY", ""),
        ("FULFILLED", ""),
        ("RETURNED", "It came broken"),
    ]
    assert (await balance(ann), await left(reward)) == (1000, 7)
    assert (await Allotment.get()).spent_cents == 0
    assert await findings() == []


@pytest.mark.parametrize(("at", "to"), [*product(WAYS, RedemptionState)])
async def test_no_move_is_made_but_those_that_there_are(at, to):
    order = await an_order(by=(ann := await a_buyer()))
    await stepped(order, *WAYS[at])
    if to is CANCELLED:
        moved = (await send("CancelOrder", by=ann, order=node("redemption", order))).get("code")
    elif to is REQUESTED:
        refused = await step(await an_hr(), [order], to)
        moved = NotThatStep.code if refused["code"] == "NOT_A_STEP" else None
    else:
        [moved] = codes(await step(await an_hr(), [order], to))
    assert moved == (None if at in BEFORE[to] else "NOT_THAT_STEP")
    assert await states(order) == [to if at in BEFORE[to] else at]
    assert await findings() == []


async def test_rejected_the_points_come_back_once_with_the_reason():
    order = await an_order(by=(ann := await a_buyer()))
    hr = await an_hr()
    assert (await step(hr, [order], REJECTED, reason=" "))["code"] == "STEP_NEEDS_REASON"
    assert codes(await step(hr, [order], REJECTED, reason="Sold out for good")) == [None]
    assert codes(await step(hr, [order], REJECTED, reason="Again")) == ["NOT_THAT_STEP"]
    assert await balance(ann) == 1000
    shown = await send("Order", by=ann, order=node("redemption", order))
    assert shown["steps"][-1]["reason"] == "Sold out for good"


async def test_each_of_many_has_a_result_of_its_own():
    hr = await an_hr()
    fine, done = await an_order(), await an_order()
    await stepped(done, REJECTED)
    own = await an_order(by=await a_buyer())
    await Redemption.filter(id=own.id).update(buyer_id=hr.id)
    gone = Redemption(id=hr.id)

    data = await step(hr, [fine, done, own, gone, fine], APPROVED)

    assert codes(data) == [None, "NOT_THAT_STEP", "OWN_ORDER", "REDEMPTION_NOT_FOUND"]
    messages = [result["message"] for result in data["stepBatch"]["results"]]
    assert messages[2] == "Somebody else sees to orders of your own."
    assert await states(fine, done, own) == [APPROVED, REJECTED, REQUESTED]
    assert await AuditEntry.filter(name="redemptions.stepped", by_id=hr.id).count() == 1


async def test_the_same_batch_sent_twice_is_done_once():
    hr, order, key = await an_hr(), await an_order(), a_key()
    first = await step(hr, [order], APPROVED, key=key)
    assert await step(hr, [order], APPROVED, key=key) == first
    assert (await step(hr, [order], READY, key=key))["code"] == "KEY_REUSED"
    assert await StepBatch.all().count() == 1


async def test_a_batch_is_undone_within_ten_minutes_as_far_as_nothing_followed():
    hr, orders = await an_hr(), [await an_order() for _ in range(3)]
    batch = (await step(hr, orders, APPROVED))["stepBatch"]
    await step(hr, orders[:1], READY)

    undone = (await undo(await an_hr(), batch))["stepBatch"]

    assert undone["isUndone"] is True
    assert [one["code"] for one in undone["results"]] == ["NOT_THAT_STEP", None, None]
    assert await states(*orders) == [READY, REQUESTED, REQUESTED]
    assert (await undo(hr, batch))["stepBatch"] == undone
    last = await RedemptionStep.get(redemption_id=orders[1].id, number=3)
    assert (last.state, last.is_undoing) == (REQUESTED, True)
    assert codes(await step(hr, orders[1:], APPROVED)) == [None, None]
    assert await findings() == []


async def test_what_was_made_ready_by_mistake_goes_back_to_what_it_was():
    order = await an_order()
    *_, batch = await stepped(order, APPROVED, READY)
    await undo(await an_hr(), {"id": node("stepbatch", batch)})
    assert await states(order) == [APPROVED]
    assert await findings() == []


async def test_after_ten_minutes_nothing_is_undone():
    hr, order = await an_hr(), await an_order()
    batch = (await step(hr, [order], APPROVED))["stepBatch"]
    with clock.set_to(clock.now() + moves.UNDO):
        assert (await undo(hr, batch))["code"] == "TOO_LATE_TO_UNDO"
    assert await states(order) == [APPROVED]


@pytest.mark.parametrize("to", [REJECTED, FULFILLED, RETURNED])
async def test_what_moved_points_is_not_undone(to):
    order = await an_order()
    *_, batch = await stepped(order, *WAYS[to])
    data = await undo(await an_hr(), {"id": node("stepbatch", batch)})
    assert data["code"] == "TOO_LATE_TO_UNDO"
    assert await states(order) == [to]


async def test_a_code_that_was_approved_is_ready_and_undone_it_waits_again():
    order, hr = await an_order(await a_voucher("A1", price=500)), await an_hr()
    batch = (await step(hr, [order], APPROVED))["stepBatch"]
    assert await states(order) == [READY]
    assert codes(await step(hr, [order], FULFILLED)) == ["CODES_ARE_REVEALED"]
    await undo(hr, batch)
    assert await states(order) == [REQUESTED]
    assert await findings() == []


async def test_hr_alone_sees_to_orders():
    order = await an_order()
    for grants in (Grants.NONE, Grants.SUPERVISOR, Grants.ADMIN, Grants.MODERATOR):
        somebody = await a_person(grants=grants)
        assert (await step(somebody, [order], APPROVED))["code"] == "NOT_YOURS"
    assert await states(order) == [REQUESTED]


async def test_300_orders_go_from_request_to_hand_over_in_12_operations():
    reward, hr = await a_reward(lying=300, price=300), await an_hr()
    for _ in range(300):
        await an_order(reward, by=await a_buyer(300))

    sent, after, listed = 0, None, []
    while after or not sent:
        page = await send("OrderInbox", by=hr, first=100, after=after)
        listed.append([edge["node"]["id"] for edge in page["edges"]])
        after = page["pageInfo"]["endCursor"] if page["pageInfo"]["hasNextPage"] else None
        sent += 1
    for to, ids in product((APPROVED, READY, FULFILLED), listed):
        data = await send("StepOrders", by=hr, orders=ids, to=to, key=a_key())
        assert {result["code"] for result in data["stepBatch"]["results"]} == {None}
        sent += 1

    assert sent == 12
    assert await Redemption.filter(state=FULFILLED).count() == 300
    assert await findings() == []


async def test_a_batch_of_many_approves_with_as_many_statements_as_one(statements):
    hr, orders = await an_hr(), [await an_order() for _ in range(11)]
    counted = []
    for part in (orders[:1], orders[1:]):
        statements()
        await step_batches.step([one.id for one in part], APPROVED, by=hr, key=a_key())
        counted.append(len(statements()))
    assert counted[0] == counted[1]
