from core.people import Grants
from gamify.shop.redemptions import APPROVED, READY, Redemption
from tests.gamify.shop.makers import a_buyer, an_hr, an_order, findings, stepped
from tests.makers import a_key, a_person, node, send


async def waiting(buyer):
    order = await an_order(by=buyer)
    await stepped(order, APPROVED, READY)
    return order


async def shown(person):
    """The code on somebody's phone."""
    data = await send("MyOrders", by=person)
    edges = [*data["redemptions"]["edges"], *data["entrustedRedemptions"]["edges"]]
    return edges[0]["node"]["viewerPass"] if edges else None


async def test_hr_scans_the_right_person_and_hands_over_once():
    ann, hr = await a_buyer(), await an_hr()
    order = await waiting(ann)
    code = await shown(ann)
    assert code["qr"].startswith("<svg")

    seen = await send("Pickup", by=hr, code=code["code"])
    assert (seen["collector"]["id"], seen["isProxy"]) == (node("person", ann), False)
    assert seen["redemption"]["id"] == node("redemption", order)
    key = a_key()
    for _ in range(2):
        data = await send("HandOver", by=hr, code=code["code"], key=key)
        assert data["redemption"]["state"] == "FULFILLED"
    again = await send("HandOver", by=hr, code=code["code"], key=a_key())
    assert again["code"] == "NOT_THAT_STEP"
    assert await shown(ann) is None
    assert await findings() == []


async def test_a_named_colleague_collects_until_another_one_is_named():
    ann, ben, cai = await a_buyer(), await a_person(), await a_person()
    order = await waiting(ann)
    await send("EntrustOrder", by=ann, order=node("redemption", order), person=node("person", ben))
    code = (await shown(ben))["code"]
    await send("EntrustOrder", by=ann, order=node("redemption", order), person=node("person", cai))
    hr = await an_hr()
    assert (await send("HandOver", by=hr, code=code, key=a_key()))["code"] == "NOT_A_CODE"
    assert await shown(ben) is None
    data = await send("HandOver", by=hr, code=(await shown(cai))["code"], key=a_key())
    assert data["redemption"]["collectedBy"]["id"] == node("person", cai)


async def test_nobody_hands_over_to_themselves():
    hr, other = await an_hr(), await an_hr()
    ann = await a_buyer()
    order = await waiting(ann)
    await send("EntrustOrder", by=ann, order=node("redemption", order), person=node("person", hr))
    code = (await shown(hr))["code"]
    assert (await send("HandOver", by=hr, code=code, key=a_key()))["code"] == "OWN_ORDER"
    assert (await Redemption.get()).state is READY
    data = await send("HandOver", by=other, code=code, key=a_key())
    assert data["redemption"]["state"] == "FULFILLED"


async def test_a_proxy_sees_what_to_collect_and_not_what_it_cost():
    ann, ben = await a_buyer(), await a_person(grants=Grants.SUPERVISOR)
    order = await waiting(ann)
    await send("EntrustOrder", by=ann, order=node("redemption", order), person=node("person", ben))
    seen = await send("Order", by=ben, order=node("redemption", order))
    assert (seen["price"], seen["steps"], seen["state"]) == (None, None, "READY")
