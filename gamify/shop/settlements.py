"""Settlements: points, stock and budget follow an order, always in this order.

So do all who meet: what is one person's comes before what many orders share.
"""

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from gamify import spending
from gamify.ledger import Cause, Transfer
from gamify.reasons import Reason
from gamify.shop import allotments, stock
from gamify.shop.redemptions import CANCELLED, FULFILLED, REJECTED, RETURNED, Redemption
from gamify.shop.rewards import Reward, RewardKind

Orders = Sequence[Redemption]


async def look(redemption: Redemption, reward: Reward) -> None:
    """Say what an order will be taken from: who comes too late hears it before anybody waits.

    Raises OutOfStock, BudgetUsedUp.
    """
    if reward.is_limited:
        redemption.stock_id = await stock.lying(reward, redemption.site_id)
    if reward.budget_id and redemption.value_cents:
        redemption.allotment_id = await allotments.running(reward.budget_id, redemption.value_cents)


async def hold(redemption: Redemption) -> None:
    """Hold the points that an order costs. Raises NotEnoughPoints."""
    key, cause = _source_key(redemption), Cause(reason=Reason.REDEEMED)
    await spending.reserve(key, redemption.price, cause, person_id=redemption.buyer_id)


async def take(redemption: Redemption) -> None:
    """Take what many want, which they wait for until we commit. Raises OutOfStock, BudgetUsedUp."""
    if redemption.stock_id:
        await stock.take(redemption.stock_id)
    if redemption.allotment_id:
        await allotments.reserve(redemption.allotment_id, redemption.value_cents)


async def follow(redemptions: Orders) -> None:
    """What a move just made means for what is held."""
    by_state = {state: [r for r in redemptions if r.state is state] for state in FOLLOWING}
    for state, moved in by_state.items():
        if moved:
            await FOLLOWING[state](moved)


async def _let_go(redemptions: Orders) -> None:
    await _refund(redemptions)
    await stock.give_back(_taken(redemptions))
    await allotments.release(_cents(redemptions))


async def _hand_out(redemptions: Orders) -> None:
    for reservation in await _reservations(redemptions):
        await spending.settle(reservation, Cause(reason=Reason.SETTLED))
    await allotments.spend(_cents(redemptions))


async def _take_back(redemptions: Orders) -> None:
    """A code that was revealed is used up; all else lies there again."""
    await _refund(redemptions)
    revealed = await Reward.filter(
        kind=RewardKind.VOUCHER, id__in={redemption.reward_id for redemption in redemptions}
    ).values_list("id", flat=True)
    codes = [redemption for redemption in redemptions if redemption.reward_id in revealed]
    await stock.use_up(_taken(codes))
    await stock.give_back(_taken([one for one in redemptions if one not in codes]))
    await allotments.give_back(_cents(redemptions))


FOLLOWING = {
    REJECTED: _let_go,
    CANCELLED: _let_go,
    FULFILLED: _hand_out,
    RETURNED: _take_back,
}


async def _refund(redemptions: Orders) -> None:
    for reservation in await _reservations(redemptions):
        await spending.refund(reservation, Cause(reason=Reason.REFUNDED))


async def _reservations(redemptions: Orders) -> list[Transfer]:
    """Person by person, in one order for all."""
    keys = [_source_key(redemption) for redemption in redemptions]
    return await Transfer.filter(source_key__in=keys).order_by("person_id", "id")


def _source_key(redemption: Redemption) -> str:
    return f"redemption:{redemption.id}"


def _taken(redemptions: Orders) -> Counter[UUID]:
    return Counter(redemption.stock_id for redemption in redemptions if redemption.stock_id)


def _cents(redemptions: Orders) -> Counter[UUID]:
    cents = Counter[UUID]()
    for redemption in redemptions:
        if redemption.allotment_id:
            cents[redemption.allotment_id] += redemption.value_cents
    return cents
