"""What is ordered is reserved once, oldest points first, and comes back to where it was."""

import asyncio
from uuid import uuid4

import pytest

from core.transactions import transaction
from gamify import accounts, ledger, points, spending
from gamify.accounts import Kind, NotEnoughPoints
from gamify.ledger import Cause, Posting, Transfer
from gamify.points import Balance
from gamify.reasons import Reason
from tests.gamify.makers import findings, give

ORDER, BACK = Cause(reason=Reason.REDEEMED), Cause(reason=Reason.REFUNDED)
HANDED_OVER = Cause(reason=Reason.SETTLED)


async def by_year(person_id) -> dict[int, int]:
    purse = await accounts.held(person_id)
    return {name.year: has for name, has in purse.items() if name.kind is Kind.AVAILABLE}


async def with_points():
    """Somebody who earned 30 points in one year and 20 in the next."""
    ann = uuid4()
    await give(ann, 20, year=2026)
    await give(ann, 30, year=2025)
    return ann


async def test_the_oldest_points_are_spent_first():
    ann = await with_points()

    first = await spending.reserve("order:1", 10, ORDER, person_id=ann)
    await spending.reserve("order:2", 25, ORDER, person_id=ann)

    assert await by_year(ann) == {2025: 0, 2026: 15}
    assert await points.balances([ann]) == [Balance(ann, available=15, reserved=35)]
    assert (first.points, first.reason) == (-10, Reason.REDEEMED)
    assert await findings() == []


async def test_more_than_there_is_is_refused_and_leaves_nothing_behind():
    ann = await with_points()

    with pytest.raises(NotEnoughPoints) as refusal:
        await spending.reserve("order:1", 51, ORDER, person_id=ann)

    assert refusal.value.facts == {"balance": 50, "needed": 51}
    assert await by_year(ann) == {2025: 30, 2026: 20}
    assert not await Transfer.exists(source_key="order:1")


async def test_who_never_had_points_can_order_nothing():
    with pytest.raises(NotEnoughPoints):
        await spending.reserve("order:1", 1, ORDER, person_id=uuid4())


async def test_the_same_order_reserves_once_even_if_it_took_the_last_point():
    ann = await with_points()

    first = await spending.reserve("order:1", 50, ORDER, person_id=ann)
    again = await spending.reserve("order:1", 50, ORDER, person_id=ann)

    assert again.id == first.id
    assert await points.balances([ann]) == [Balance(ann, reserved=50)]


async def test_what_is_settled_is_spent_and_shows_as_one_line():
    ann = await with_points()
    order = await spending.reserve("order:1", 35, ORDER, person_id=ann)

    assert await spending.settle(order, HANDED_OVER)
    assert await spending.settle(order, HANDED_OVER) is None

    assert await points.balances([ann]) == [Balance(ann, available=15)]
    assert await Transfer.filter(person_id=ann, points__lt=0).values_list("points") == [(-35,)]
    assert await findings() == []


@pytest.mark.parametrize("settled", [False, True])
async def test_what_is_given_back_returns_once_to_the_years_it_was_earned_in(settled):
    ann = await with_points()
    order = await spending.reserve("order:1", 35, ORDER, person_id=ann)
    if settled:
        await spending.settle(order, HANDED_OVER)

    back = await spending.refund(order, BACK)

    assert (back.points, back.reverses_id) == (35, order.id)
    assert await spending.refund(order, BACK) is None
    assert await spending.settle(order, HANDED_OVER) is None
    assert await by_year(ann) == {2025: 30, 2026: 20}
    assert await points.balances([ann]) == [Balance(ann, available=50)]
    assert await findings() == []


async def test_an_order_that_fails_reserves_nothing():
    ann = await with_points()

    @transaction
    async def order() -> None:
        await spending.reserve("order:1", 35, ORDER, person_id=ann)
        raise RuntimeError("the shop burnt down")

    with pytest.raises(RuntimeError):
        await order()

    assert await by_year(ann) == {2025: 30, 2026: 20}
    assert not await Posting.exists(account__kind=Kind.RESERVED)


async def test_what_comes_back_fills_no_debt():
    ann = await with_points()
    order = await spending.reserve("order:1", 50, ORDER, person_id=ann)
    owed = {accounts.debt(ann): -10, accounts.issued(uuid4()): 10}
    await ledger.transfer("debt", owed, ORDER, person_id=ann)

    await spending.refund(order, BACK)

    assert await points.balances([ann]) == [Balance(ann, available=50, owed=10)]
    assert await findings() == []


@pytest.mark.committed
async def test_fifty_orders_at_once_never_overdraw_and_use_up_every_year():
    ann = await with_points()

    calls = (spending.reserve(f"order:{n}", 7, ORDER, person_id=ann) for n in range(50))
    outcomes = await asyncio.gather(*calls, return_exceptions=True)

    assert sum(isinstance(outcome, NotEnoughPoints) for outcome in outcomes) == 43
    assert sum(isinstance(outcome, Transfer) for outcome in outcomes) == 7
    assert await by_year(ann) == {2025: 0, 2026: 1}
    assert await findings() == []


@pytest.mark.committed
async def test_whoever_settles_and_gives_back_at_once_leaves_one_outcome_and_no_deadlock():
    ann = await with_points()
    orders = [await spending.reserve(f"order:{n}", 10, ORDER, person_id=ann) for n in range(5)]

    moves = [
        move(order, cause)
        for order in orders
        for move, cause in [(spending.settle, HANDED_OVER), (spending.refund, BACK)] * 3
    ]
    more = [spending.reserve(f"more:{n}", 1, ORDER, person_id=ann) for n in range(10)]
    outcomes = await asyncio.gather(*moves, *more, return_exceptions=True)

    refused = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert all(isinstance(outcome, NotEnoughPoints) for outcome in refused)
    assert await Transfer.filter(reverses_id__in=[order.id for order in orders]).count() == 5
    assert await points.balances([ann]) == [
        Balance(ann, available=40 + len(refused), reserved=10 - len(refused))
    ]
    assert await findings() == []


@pytest.mark.committed
async def test_the_same_order_twenty_times_at_once_reserves_once():
    ann = await with_points()

    made = await asyncio.gather(
        *(spending.reserve("order:1", 50, ORDER, person_id=ann) for _ in range(20))
    )

    assert len({one.id for one in made}) == 1
    assert await points.balances([ann]) == [Balance(ann, reserved=50)]
