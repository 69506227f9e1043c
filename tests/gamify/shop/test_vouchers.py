from datetime import timedelta

from core import clock
from core.audit import AuditEntry
from gamify.shop import vouchers, wishes
from gamify.shop.vouchers import Voucher
from tests.gamify.makers import give
from tests.gamify.shop.makers import a_buyer, a_reward, a_voucher, an_hr, an_order, findings, left
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


async def told(person):
    notices = (await send("Notices", by=person))["notices"]["edges"]
    return sum(edge["node"]["kind"] == "WISH" for edge in notices)
