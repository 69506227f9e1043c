from datetime import timedelta

import pytest

from core import clock
from core.events import Event
from gamify.ledger import Transfer
from gamify.shop import catalogue, step_batches
from gamify.shop.allotments import Allotment
from gamify.shop.redemptions import READY, Redemption
from gamify.shop.rewards import LimitPeriod, Reward
from tests.gamify.shop.makers import (
    a_budget,
    a_buyer,
    a_reward,
    a_site,
    a_voucher,
    an_hr,
    an_order,
    balance,
    findings,
    left,
    stepped,
    wanted,
)
from tests.makers import a_key, a_person, node, send


async def redeem(reward, by, *, key=None, **given):
    order = await wanted(reward)
    to = {"siteId": f"site_{order.site_id.hex}"} if order.site_id else None
    sent = {"reward": node("reward", reward), "cost": reward.price, "to": to} | given
    return await send("Redeem", by=by, key=key or a_key(), **sent)


async def test_points_stock_and_budget_are_held_together():
    day = clock.business_date()
    reward = await a_reward(budget_id=await a_budget(50_000, day, day))
    ann = await a_buyer(600)

    data = await redeem(reward, ann)

    order = data["redemption"]
    assert (order["state"], order["price"], order["viewerPass"]) == ("REQUESTED", 500, None)
    assert [step["state"] for step in order["steps"]] == ["REQUESTED"]
    assert order["site"]["name"] == "Chengdu"
    assert (await balance(ann), await left(reward)) == (100, 6)
    allotment = await Allotment.get()
    assert (allotment.reserved_cents, allotment.spent_cents) == (19_900, 0)
    assert await findings() == []


async def nothing_happened(reward, buyer, points):
    assert not await Redemption.exists()
    assert not await Transfer.filter(source_key__startswith="redemption").exists()
    assert not await Event.filter(name__startswith="redemption").exists()
    assert await balance(buyer) == points
    assert await findings() == []


async def test_who_has_too_few_points_hears_how_many_it_takes():
    reward, ann = await a_reward(), await a_buyer(499)
    data = await redeem(reward, ann)
    assert (data["code"], data["balance"], data["needed"]) == ("NOT_ENOUGH_POINTS", 499, 500)
    assert data["message"] == "You have 499 points; this takes 500."
    await nothing_happened(reward, ann, 499)


async def test_another_price_than_expected_is_told_and_not_paid():
    reward, ann = await a_reward(), await a_buyer()
    data = await redeem(reward, ann, cost=499)
    assert (data["code"], data["price"]) == ("PRICE_CHANGED", 500)
    await nothing_happened(reward, ann, 1000)


async def test_what_is_out_of_stock_costs_nothing():
    reward, ann = await a_reward(lying=0), await a_buyer()
    assert (await redeem(reward, ann))["code"] == "OUT_OF_STOCK"
    await nothing_happened(reward, ann, 1000)


@pytest.mark.parametrize("days", [-1, 0])
async def test_a_budget_that_is_used_up_or_of_another_time_pays_nothing(days):
    day = clock.business_date() + timedelta(days=days)
    reward = await a_reward(budget_id=await a_budget(19_899 if days == 0 else 99_999, day, day))
    ann = await a_buyer()
    assert (await redeem(reward, ann))["code"] == "BUDGET_USED_UP"
    await nothing_happened(reward, ann, 1000)
    assert await left(reward) == 7


async def test_the_same_key_is_the_same_order_and_no_other():
    reward, ann, key = await a_reward(), await a_buyer(1500), a_key()
    first = await redeem(reward, ann, key=key)
    assert await redeem(reward, ann, key=key) == first
    assert (await redeem(await a_reward(), ann, key=key))["code"] == "KEY_REUSED"
    assert (await Redemption.all().count(), await balance(ann)) == (1, 1000)


async def test_a_retry_finds_its_order_after_the_price_changed_and_it_is_sold_out():
    reward, ann, key = await a_reward(lying=1), await a_buyer(), a_key()
    first = await redeem(reward, ann, key=key)
    await Reward.filter(id=reward.id).update(price=800, archived_at=clock.now())
    again = await redeem(reward, ann, key=key)
    assert again["redemption"]["id"] == first["redemption"]["id"]
    assert again["redemption"]["price"] == 500


async def test_a_new_price_is_for_new_orders():
    reward, ann = await a_reward(), await a_buyer()
    order = await an_order(reward, by=ann)
    plan = {name: getattr(reward, name) for name in catalogue.Plan.__slots__ if name != "team_ids"}
    await catalogue.save(
        reward.id, catalogue.Plan(**plan | {"price": 800}), by=await an_hr(), key=a_key()
    )
    data = await send("CancelOrder", by=ann, order=node("redemption", order))
    assert data["redemption"]["price"] == 500
    assert await balance(ann) == 1000


async def test_one_may_have_so_many_in_a_month_and_those_that_came_to_nothing_do_not_count():
    reward = await a_reward(limit_count=2, limit_period=LimitPeriod.MONTH, price=300)
    ann = await a_buyer(5000)
    first = await an_order(reward, by=ann)
    await an_order(reward, by=ann)

    refused = await redeem(reward, ann)
    assert refused["code"] == "LIMIT_REACHED"
    assert await balance(ann) == 4400

    await send("CancelOrder", by=ann, order=node("redemption", first))
    assert (await redeem(reward, ann))["redemption"]["state"] == "REQUESTED"
    with clock.set_to(clock.now() + timedelta(days=31)):
        assert (await redeem(reward, ann))["redemption"]["state"] == "REQUESTED"
    assert await findings() == []


async def test_who_is_new_waits_until_they_have_been_here_long_enough():
    today = clock.business_date()
    reward = await a_reward(tenure_days=90)
    ann = await a_buyer(hired_on=today - timedelta(days=89))
    assert (await redeem(reward, ann))["code"] == "NOT_HERE_LONG_ENOUGH"
    ben = await a_buyer(hired_on=today - timedelta(days=90))
    assert (await redeem(reward, ben))["redemption"]["state"] == "REQUESTED"


@pytest.mark.parametrize(
    "given",
    [
        {"opens_at": timedelta(hours=1)},
        {"closes_at": timedelta(hours=-1)},
    ],
)
async def test_outside_of_its_window_a_reward_is_not_there(given):
    now = clock.now()
    reward = await a_reward(**{name: now + by for name, by in given.items()})
    ann = await a_buyer()
    assert (await redeem(reward, ann))["code"] == "REWARD_NOT_FOUND"
    await nothing_happened(reward, ann, 1000)


async def test_it_has_to_be_clear_where_a_prize_goes_to():
    collected, sent = await a_reward(), await a_reward(is_sent=True)
    ann, site = await a_buyer(), await a_site()
    assert (await redeem(collected, ann, to=None))["code"] == "WHERE_TO"
    assert (await redeem(sent, ann, to={"siteId": node("site", site)}))["code"] == "WHERE_TO"
    assert (await redeem(sent, ann, to=None))["code"] == "WHERE_TO"
    elsewhere = {"siteId": node("site", await a_site())}
    assert (await redeem(collected, ann, to=elsewhere))["code"] == "OUT_OF_STOCK"
    await nothing_happened(collected, ann, 1000)


async def test_an_address_is_kept_unreadable_for_its_buyer_and_hr_and_forgotten_in_the_end():
    reward, ann = await a_reward(is_sent=True), await a_buyer()
    data = await redeem(reward, ann, to={"address": "成都市一环路 1 号"})
    assert data["redemption"]["address"] == "成都市一环路 1 号"
    row = await Redemption.get()
    assert "成都" not in bytes(row.sealed_address).decode("utf-8", "replace")


async def test_what_is_cheap_needs_no_approval_and_a_code_is_ready_at_once():
    ann = await a_buyer()
    cheap = await redeem(await a_reward(price=299), ann)
    assert [step["state"] for step in cheap["redemption"]["steps"]] == ["REQUESTED", "APPROVED"]
    code = await redeem(await a_voucher("A1"), ann)
    assert code["redemption"]["state"] == READY
    assert await findings() == []


async def test_cancelled_in_time_everything_comes_back_once():
    day = clock.business_date()
    reward = await a_reward(budget_id=await a_budget(50_000, day, day))
    ann = await a_buyer()
    order = await an_order(reward, by=ann)
    for _ in range(2):
        data = await send("CancelOrder", by=ann, order=node("redemption", order))
        assert data["redemption"]["state"] == "CANCELLED"
    assert (await balance(ann), await left(reward)) == (1000, 7)
    assert (await Allotment.get()).reserved_cents == 0
    assert await findings() == []


async def test_what_is_ready_is_cancelled_no_more():
    ann = await a_buyer()
    order = await an_order(by=ann)
    await stepped(order, "APPROVED", "READY")
    data = await send("CancelOrder", by=ann, order=node("redemption", order))
    assert data["code"] == "NOT_THAT_STEP"
    assert (await Redemption.get()).state is READY
    assert await balance(ann) == 500


async def test_nobody_sees_or_cancels_what_another_ordered():
    order = node("redemption", await an_order())
    stranger = await a_buyer()
    assert await send("Order", by=stranger, order=order) is None
    assert (await send("CancelOrder", by=stranger, order=order))["code"] == "REDEMPTION_NOT_FOUND"


async def test_ones_orders_are_listed_the_latest_first():
    ann = await a_buyer(5000)
    made = []
    for n in range(3):
        with clock.set_to(clock.now() + timedelta(minutes=n)):
            made.append(node("redemption", await an_order(by=ann)))
    page = (await send("MyOrders", by=ann, first=2))["redemptions"]
    assert [edge["node"]["id"] for edge in page["edges"]] == made[:0:-1]
    rest = await send("MyOrders", by=ann, after=page["pageInfo"]["endCursor"])
    assert [edge["node"]["id"] for edge in rest["redemptions"]["edges"]] == made[:1]


async def for_leaver(hr, person, reward):
    order = await wanted(reward)
    given = {"rewardId": node("reward", reward), "expectedCost": reward.price}
    given["siteId"] = f"site_{order.site_id.hex}"
    return await send(
        "RedeemForLeaver", by=hr, person=node("person", person), order=given, key=a_key()
    )


async def test_hr_orders_for_who_left_within_60_days_and_another_one_sees_to_it():
    reward, hr = await a_reward(), await an_hr()
    today = clock.business_date()
    ann = await a_buyer(left_on=today - timedelta(days=59))

    order = (await for_leaver(hr, ann, reward))["redemption"]

    assert (order["buyer"]["id"], order["orderedBy"]["id"]) == (
        node("person", ann),
        node("person", hr),
    )
    row = await Redemption.get()
    refused = await step_batches.step([row.id], "APPROVED", by=hr, key=a_key())
    assert refused.outcome == [[str(row.id), "OWN_ORDER"]]
    await stepped(row, "APPROVED", "READY", "FULFILLED")
    assert (await balance(ann), await findings()) == (500, [])


@pytest.mark.parametrize("days", [None, -1, 60])
async def test_hr_orders_for_nobody_else(days):
    reward, today = await a_reward(), clock.business_date()
    gone = today - timedelta(days=days) if days is not None else None
    ann = await a_buyer(left_on=gone)
    assert (await for_leaver(await an_hr(), ann, reward))["code"] == "NOT_A_LEAVER"
    assert not await Redemption.exists()


async def test_who_is_not_hr_orders_for_nobody():
    ann = await a_buyer(left_on=clock.business_date())
    assert (await for_leaver(await a_person(), ann, await a_reward()))["code"] == "NOT_YOURS"
