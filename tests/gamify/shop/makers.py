"""A shop: something to buy, somebody who can afford it, and HR."""

from itertools import count
from typing import Any
from uuid import UUID

from core.people import Grants, Person
from core.text import Text
from gamify import integrity, points
from gamify.shop import allotments, budgets, catalogue, orders, sites, step_batches, terms, vouchers
from gamify.shop import integrity as shop_integrity
from gamify.shop import stock as stocks
from gamify.shop.orders import Wanted
from gamify.shop.redemptions import Redemption, RedemptionState
from gamify.shop.rewards import Reward, RewardKind
from gamify.shop.sites import Site
from gamify.shop.step_batches import StepBatch
from gamify.shop.stock import Stock
from tests.gamify.makers import give
from tests.makers import a_key, a_person

numbers = count(1)


def text(words: str) -> Text:
    return Text(words, f"{words}（简）", f"{words}（繁）")


async def an_hr(**given: Any) -> Person:
    return await a_person(grants=Grants.HR, **given)


async def a_buyer(balance: int = 1000, **given: Any) -> Person:
    person = await a_person(**given)
    if balance:
        await give(person.id, balance)
    return person


async def a_site(name: str = "Chengdu") -> Site:
    return await sites.save(None, name, "Front desk, 12 to 14", by=await an_hr(), key=a_key())


async def a_reward(*, lying: int | None = 7, site: Site | None = None, **given: Any) -> Reward:
    """Something to collect at a site, as many as lie there; without a number, no end of it."""
    n = next(numbers)
    plan = {
        "kind": RewardKind.MATERIAL,
        "name": text(f"Rice cooker {n}"),
        "about": text("Cooks rice"),
        "price": 500,
        "value_cents": 19_900,
        "is_limited": lying is not None,
    }
    reward = await catalogue.save(
        None, catalogue.Plan(**plan | given), by=await an_hr(), key=a_key()
    )
    if lying is not None and reward.kind is not RewardKind.VOUCHER:
        at = (site or await a_site()).id if reward.is_collected else None
        await stocks.put(reward, at, lying)
    return reward


async def a_voucher(*codes: str, **given: Any) -> Reward:
    plan = {"kind": RewardKind.VOUCHER, "price": 100, "lying": 0, "value_cents": 1000}
    reward = await a_reward(**plan | given)
    if codes:
        await vouchers.take_in(reward.id, "\n".join(codes), by=await an_hr(), key=a_key())
    return reward


async def a_budget(cents: int, *days: Any) -> UUID:
    hr = await an_hr()
    budget = await budgets.save(None, "Care", by=hr, key=a_key())
    await allotments.allot(budget.id, allotments.Plan(*days, cents), by=hr)
    return budget.id


async def wanted(reward: Reward, **given: Any) -> Wanted:
    """At the first site where it lies."""
    lies = await Stock.filter(reward_id=reward.id, site_id__isnull=False).order_by("id").first()
    site = lies.site_id if lies else None
    return Wanted(reward.id, reward.price, **{"site_id": site} | given)


async def an_order(reward: Reward | None = None, *, by: Person | None = None) -> Redemption:
    reward = reward or await a_reward()
    buyer = by or await a_buyer()
    return await orders.redeem(await wanted(reward), by=buyer, key=a_key())


async def stepped(
    order: Redemption, *states: RedemptionState, by: Person | None = None
) -> list[StepBatch]:
    """Taken to these states one after the other, by somebody of HR."""
    by, made = by or await an_hr(), []
    for state in states:
        made.append(
            await step_batches.step([order.id], state, by=by, key=a_key(), reason="Because")
        )
        assert [code for _, code in made[-1].outcome] == [None]
    return made


async def balance(person: Person) -> int:
    [found] = await points.balances([person.id])
    return found.available


async def left(reward: Reward) -> int:
    return sum([row.left for row in await Stock.filter(reward_id=reward.id)])


async def approval_from(price: int) -> None:
    current = await terms.current()
    plan = terms.Plan(current.cents_of_100_points, price, current.service_days)
    await terms.put(plan, after=current.version, by=await an_hr())


async def findings() -> list[str]:
    """What contradicts the books of points and of the shop."""
    checks = [*integrity.CHECKS, *shop_integrity.CHECKS]
    return [finding for check in checks for finding in await check()]
