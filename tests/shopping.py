"""What is bought in the shop, and what HR does there."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from core import clock
from core.media.uploads import Purpose
from core.people import Grants, Person
from gamify.shop import pickups, wishes
from gamify.shop.redemptions import Redemption
from tests.gamify.makers import give
from tests.gamify.shop.makers import (
    a_budget,
    a_buyer,
    a_reward,
    a_site,
    a_voucher,
    an_order,
    stepped,
)
from tests.makers import an_upload, node

#: What is sent, and how many statements it costs; who is `besides` HR may do what HR does.
NAME = {"en": "Kettle", "zhCn": "电热水壶", "zhTw": "電熱水壺"}
PLAN = {"kind": "MATERIAL", "name": NAME, "about": NAME, "price": 200, "valueCents": 9900}
ALLOTMENT = {"beginsOn": "2026-01-01", "endsOn": "2026-12-31", "cents": 1_000_000}
TERMS = {"centsOf100Points": 1000, "approvalFrom": 300, "serviceDays": 2}
DAYS = {"since": "2026-10-01", "until": "2026-10-03"}
SHOPPING = {
    "Shop": ({"besides": "cooker"}, 9),
    "Reward": ({"reward": "cooker"}, 9),
    "Wishes": ({"besides": "wished"}, 10),
    "WishForReward": ({"reward": "cooker"}, 7),
    "DropWish": ({"reward": "wished"}, 6),
    "Redeem": ({"reward": "cooker", "cost": 500, "to": "destination", "key": "key"}, 30),
    "MyOrders": ({"besides": "requested"}, 7),
    "Order": ({"order": "requested"}, 6),
    "CancelOrder": ({"order": "requested"}, 28),
    "EntrustOrder": ({"order": "requested", "person": "ben"}, 7),
    "RevealVoucher": ({"order": "code", "key": "key"}, 29),
    "OrderInbox": ({"besides": "hr", "filter": "late"}, 10),
    "OrderSheet": ({"besides": "hr", "format": "XLSX"}, 1),
    "PickList": ({"besides": "hr", "site": "site", "of": "late"}, 3),
    "PointsLiability": ({"besides": "hr"}, 4),
    "TaxableValues": ({"besides": "hr", **DAYS}, 2),
    "RewardPopularity": ({"besides": "hr", **DAYS}, 2),
    "WaitingOrders": ({"besides": "hr"}, 4),
    "StepBatches": ({"besides": "hr", "first": 10}, 2),
    "StepOrders": ({"besides": "hr", "orders": "orders", "to": "APPROVED", "key": "key"}, 19),
    "UndoStep": ({"besides": "hr", "batch": "batch"}, 16),
    "Pickup": ({"besides": "hr", "code": "pass"}, 11),
    "HandOver": ({"besides": "hr", "code": "pass", "key": "key"}, 24),
    "RedeemForLeaver": ({"besides": "hr", "person": "leaver", "order": "wanted", "key": "key"}, 36),
    "Catalogue": ({"besides": "hr", "isArchived": False}, 2),
    "SaveReward": ({"besides": "hr", "plan": PLAN, "key": "key"}, 15),
    "ArchiveReward": ({"besides": "hr", "reward": "cooker"}, 10),
    "ShowRewardPictures": (
        {"besides": "hr", "reward": "cooker", "uploads": "pictures", "key": "key"},
        13,
    ),
    "ChangeStock": (
        {"besides": "hr", "reward": "cooker", "site": "site", "count": 3, "key": "key"},
        14,
    ),
    "TakeInVouchers": ({"besides": "hr", "reward": "vouchers", "csv": "B1\nB2", "key": "key"}, 15),
    "SaveSite": ({"besides": "hr", "name": "Xi'an", "place": "Room 1", "key": "key"}, 11),
    "Sites": ({"besides": "site"}, 2),
    "Budgets": ({"besides": "hr", "of": "budget"}, 3),
    "SaveBudget": ({"besides": "hr", "name": "Care", "key": "key"}, 12),
    "AllotBudget": ({"besides": "hr", "budget": "budget", "plan": ALLOTMENT}, 13),
    "ShopTerms": ({"besides": "hr"}, 2),
    "PutShopTerms": ({"besides": "hr", "plan": TERMS, "after": 0}, 11),
    "Holidays": ({"besides": "hr", **DAYS}, 2),
    "PutHolidays": ({"besides": "hr", "name": "National Day", **DAYS}, 12),
    "RemoveHolidays": ({"besides": "hr", **DAYS}, 10),
}


async def known(wanted: Collection[object], ann: Person) -> dict[str, Any]:
    """For the variables of operations, as far as they are asked for."""
    names = {*map(str, wanted)}
    if "hr" in names:
        ann.grants = Grants.HR
        await ann.save(update_fields=["grants"])
    found: dict[str, Any] = {}
    for making in (_rewards, _orders, _books):
        found |= await making(names, ann)
    return found


async def _rewards(names: set[str], ann: Person) -> dict[str, Any]:
    if not {"cooker", "wished", "wanted", "site", "pictures", "vouchers"} & names:
        return {}
    site = await a_site()
    cooker = await a_reward(site=site)
    await give(ann.id, 1000)
    if "wished" in names:
        await wishes.wish(cooker.id, by=ann)
    at = {"siteId": node("site", site)}
    leaver = await a_buyer(left_on=clock.business_date())
    return {
        "cooker": node("reward", cooker),
        "wished": node("reward", cooker),
        "vouchers": node("reward", await a_voucher("A1")),
        "site": node("site", site),
        "destination": at,
        "wanted": {"rewardId": node("reward", cooker), "expectedCost": 500} | at,
        "leaver": node("person", leaver),
        "pictures": [node("upload", await an_upload(Purpose.PHOTO, by=ann))],
    }


async def _orders(names: set[str], ann: Person) -> dict[str, Any]:
    if not {"requested", "code", "orders", "late", "batch", "pass"} & names:
        return {}
    await give(ann.id, 1000)
    orders = [await an_order() for _ in range(3)]
    ready = await an_order(by=(buyer := await a_buyer()))
    *_, batch = await stepped(ready, "APPROVED", "READY")
    own = await an_order(by=ann)
    [shown] = await pickups.passes([await Redemption.get(id=ready.id)], viewer=buyer)
    return {
        "requested": node("redemption", own),
        "code": node("redemption", await an_order(await a_voucher("A1"), by=ann)),
        "orders": [node("redemption", order) for order in orders],
        "late": {"isLate": False, "states": ["REQUESTED", "READY"]},
        "batch": node("stepbatch", batch),
        "pass": shown.code if shown else "",
    }


async def _books(names: set[str], ann: Person) -> dict[str, Any]:
    if "budget" not in names:
        return {}
    day = clock.business_date() - timedelta(days=400)
    return {"budget": f"budget_{(await a_budget(1000, day, day)).hex}"}
