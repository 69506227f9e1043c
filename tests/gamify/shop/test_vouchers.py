from datetime import timedelta

import pytest

from api.composition import SUBSCRIBERS
from core import clock, events
from core.audit import AuditEntry
from gamify.shop import catalogue, vouchers, wishes
from gamify.shop.redemptions import REJECTED
from gamify.shop.rewards import Reward
from gamify.shop.vouchers import Voucher
from tests.gamify.makers import give
from tests.gamify.shop.makers import (
    a_buyer,
    a_reward,
    a_voucher,
    an_hr,
    an_order,
    findings,
    left,
    stepped,
)
from tests.makers import a_key, node, send


async def test_a_code_is_revealed_to_its_buyer_once_and_unreadable_where_it_is_kept():
    reward, ann = await a_voucher("TEA-1"), await a_buyer()
    assert b"TEA-1" not in bytes((await Voucher.get()).sealed)
    order, key = node("redemption", await an_order(reward, by=ann)), a_key()
    for _ in range(2):
        data = await send("RevealVoucher", by=ann, order=order, key=key)
        assert (data["voucherCode"], data["redemption"]["state"]) == ("TEA-1", "FULFILLED")
    again = await send("RevealVoucher", by=ann, order=order, key=a_key())
    assert again["code"] == "NOTHING_TO_REVEAL"
    stranger = await send("RevealVoucher", by=await an_hr(), order=order, key=a_key())
    assert stranger["code"] == "REDEMPTION_NOT_FOUND"
    assert await AuditEntry.filter(name="voucher.revealed", by_id=ann.id).count() == 1
    with clock.set_to(clock.now() + timedelta(days=4)):
        await vouchers.forget()
    assert (await Voucher.get()).sealed is None
    assert await findings() == []


async def test_codes_come_in_all_or_none():
    reward, hr = await a_voucher("A1"), await an_hr()
    csv = "券码,面值\nB1,10\nA1,10\nB1,10"
    given = {"reward": node("reward", reward), "key": a_key()}
    assert (await send("TakeInVouchers", by=hr, csv=csv, **given))["code"] == "CODES_TWICE"
    assert (await send("TakeInVouchers", by=hr, csv="\n", **given))["code"] == "NO_VOUCHER_CODES"
    assert (await Voucher.all().count(), await left(reward)) == (1, 1)
    data = await send("TakeInVouchers", by=hr, csv="\ufeff券码\nB1\nB2\n", **given)
    assert data["reward"]["stock"] == [{"left": 3}]


async def test_a_wish_is_told_when_it_can_be_had_and_again_when_it_is_back():
    reward, ann = await a_reward(lying=1), await a_buyer(400)
    await send("WishForReward", by=ann, reward=node("reward", reward))
    await wishes.tell_due()
    assert await told(ann) == 0
    await give(ann.id, 200)
    with clock.set_to(clock.now() + timedelta(hours=2)):
        await wishes.tell_due()
        await wishes.tell_due()
    assert await told(ann) == 1


async def test_a_wish_that_was_told_is_told_again_when_it_was_gone_and_came_back():
    reward, ann = await a_reward(lying=1), await a_buyer(600)
    await send("WishForReward", by=ann, reward=node("reward", reward))
    await wishes.tell_due()
    assert await told(ann) == 1
    await send("MarkNoticesRead", by=ann)

    order = await an_order(reward, by=await a_buyer())
    await looked_at_later()
    assert (await left(reward), await told(ann, unread=True)) == (0, 0)

    await stepped(order, REJECTED)
    await looked_at_later()
    assert (await left(reward), await told(ann, unread=True)) == (1, 1)
    await send("MarkNoticesRead", by=ann)
    await looked_at_later()
    assert await told(ann, unread=True) == 0


@pytest.mark.parametrize(
    "missing", [{"tenure_days": 30}, {"closes_at": clock.EPOCH}, {"is_archived": True}]
)
async def test_a_wish_that_one_may_not_have_yet_is_not_told(missing):
    reward = await a_reward()
    ann = await a_buyer(600, hired_on=clock.business_date())
    await send("WishForReward", by=ann, reward=node("reward", reward))
    if missing.pop("is_archived", False):
        await catalogue.archive(reward.id, is_archived=True, by=await an_hr())
    await Reward.filter(id=reward.id).update(**missing)
    await looked_at_later()
    assert await told(ann) == 0


async def looked_at_later():
    with clock.set_to(clock.now() + timedelta(hours=2)):
        while await events.deliver(SUBSCRIBERS):
            pass
        await wishes.tell_due()


@pytest.mark.parametrize(
    "csv",
    [
        "",
        "code\n",
        '"' + "A" * 150_000,  # a cell without end
        "A" * 201,
        "\n".join(f"C{n}" for n in range(2001)),
    ],
    ids=["empty", "header", "endless", "long", "many"],
)
async def test_a_list_that_is_none_brings_no_code(csv):
    reward, hr = await a_voucher("A1"), await an_hr()
    given = {"reward": node("reward", reward), "key": a_key()}
    assert (await send("TakeInVouchers", by=hr, csv=csv, **given))["code"] == "NO_VOUCHER_CODES"
    assert (await Voucher.all().count(), await left(reward)) == (1, 1)


async def test_codes_are_read_as_spreadsheets_write_them():
    reward, hr = await a_voucher(), await an_hr()
    csv = '\ufeff兑换码,面值\r\n="00012",10\r\n\r\n  B-2 ,10\r\n"C,3",10\r\n'
    await send("TakeInVouchers", by=hr, reward=node("reward", reward), csv=csv, key=a_key())
    codes = set()
    for _ in range(3):
        ann = await a_buyer()
        order = await an_order(reward, by=ann)
        shown = await send("RevealVoucher", by=ann, order=node("redemption", order), key=a_key())
        codes.add(shown["voucherCode"])
    assert codes == {"00012", "B-2", "C,3"}


async def told(person, *, unread=False):
    """How many wishes somebody was told of."""
    page = await send("Notices", by=person)
    lines = [edge["node"] for edge in page["notices"]["edges"]]
    return sum(line["kind"] == "WISH" and not (unread and line["isRead"]) for line in lines)
