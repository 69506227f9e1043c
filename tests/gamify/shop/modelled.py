"""A model of the shop: what is expected of prizes, orders and points after each move."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from core import clock
from core.errors import Refused
from core.people import Person
from gamify.shop import catalogue, moves, orders, pickups, reveals, step_batches, undoing
from gamify.shop.allotments import Allotment
from gamify.shop.moves import BEFORE
from gamify.shop.redemptions import (
    APPROVED,
    CANCELLED,
    FULFILLED,
    READY,
    REQUESTED,
    RETURNED,
    UNDONE,
    Redemption,
)
from gamify.shop.rewards import Reward, RewardKind
from tests.gamify.shop.makers import (
    a_budget,
    a_buyer,
    a_reward,
    a_voucher,
    an_hr,
    balance,
    left,
    wanted,
)
from tests.makers import a_key

BACK = {APPROVED: REQUESTED, READY: APPROVED}
PEOPLE, POINTS, WORTH, APPROVAL_FROM = 2, 1600, 19_900, 300


@dataclass
class Prize:
    """As it is expected to be; what has no end has no stock."""

    reward: Reward
    stock: int | None
    cents: int | None = None  # left of its budget
    is_archived: bool = False

    @property
    def is_code(self) -> bool:
        return self.reward.kind is RewardKind.VOUCHER

    def obstacle(self, points: int) -> str:
        if self.is_archived:
            return "REWARD_NOT_FOUND"
        if self.stock == 0:
            return "OUT_OF_STOCK"
        if self.cents is not None and self.cents < WORTH:
            return "BUDGET_USED_UP"
        return "NOT_ENOUGH_POINTS" if points < self.reward.price else ""

    def take(self, count: int) -> None:
        self.stock = None if self.stock is None else self.stock - count
        self.cents = None if self.cents is None else self.cents - count * WORTH


@dataclass
class Order:
    id: Any
    owner: int
    prize: Prize
    price: int
    state: Any = REQUESTED
    touched: int = 0  # how often it was moved


@dataclass
class Model:
    """What is expected: the points of each, every prize and order, and what can be undone."""

    buyers: list[Person]
    hr: Person
    other: Person
    prizes: list[Prize]
    now: datetime
    points: list[int] = field(default_factory=lambda: [POINTS] * PEOPLE)
    orders: list[Order] = field(default_factory=list)
    batches: list[Any] = field(default_factory=list)

    async def order(self, who: int, n: int) -> None:
        prize, buyer = self.prizes[n], self.buyers[who]
        wish = await wanted(prize.reward)
        if buyer.left_on:
            asked = orders.redeem_for(buyer.id, wish, by=self.other, key=a_key())
        else:
            asked = orders.redeem(wish, by=buyer, key=a_key())
        if obstacle := prize.obstacle(self.points[who]):
            assert await refused(asked) == obstacle
            return
        order = Order((await asked).id, who, prize, prize.reward.price)
        self.orders.append(order)
        self.points[who] -= order.price
        prize.take(1)
        if order.price < APPROVAL_FROM:
            self.approve(order)

    async def cancel(self, n: int) -> None:
        order = self.orders[n]
        asked = moves.cancel(order.id, by=self.buyers[order.owner])
        if order.state in BEFORE[CANCELLED]:
            await asked
            self.move(order, CANCELLED)
        else:
            assert await refused(asked) == ("" if order.state is CANCELLED else "NOT_THAT_STEP")

    async def step(self, chosen: list[Order], to: Any) -> None:
        ids = [order.id for order in chosen]
        batch = await step_batches.step(ids, to, by=self.hr, key=a_key(), reason="Because")
        expected = [self.refusal(order, to) for order in chosen]
        assert [code for _, code in batch.outcome] == expected
        moved = [order for order, code in zip(chosen, expected, strict=True) if not code]
        for order in moved:
            if to is APPROVED:
                self.approve(order)
            else:
                self.move(order, to)
        made = [(order, order.touched) for order in moved]
        self.batches.append((batch.id, to, made, self.now))

    @staticmethod
    def refusal(order: Order, to: Any) -> str | None:
        if order.state not in BEFORE[to]:
            return "NOT_THAT_STEP"
        return "CODES_ARE_REVEALED" if to is FULFILLED and order.prize.is_code else None

    async def undo(self, n: int) -> None:
        id, to, made, at = self.batches[n]
        if made is None:
            await undoing.undo(id, by=self.hr)  # twice is once
        elif to not in BACK or self.now >= at + timedelta(minutes=10):
            assert await refused(undoing.undo(id, by=self.hr)) == "TOO_LATE_TO_UNDO"
        else:
            await undoing.undo(id, by=self.hr)
            for order, touched in made:
                if order.touched == touched:
                    self.move(order, BACK[to])
            self.batches[n] = (id, to, None, at)

    async def collect(self, n: int) -> None:
        """At the counter, or on the buyer's own phone."""
        order, buyer = self.orders[n], self.buyers[self.orders[n].owner]
        if order.prize.is_code:
            asked, refusal = reveals.reveal(order.id, by=buyer, key=a_key()), "NOTHING_TO_REVEAL"
        else:
            row = await Redemption.get(id=order.id)
            row.state = READY  # as the phone still shows it
            [shown] = await pickups.passes([row], viewer=buyer)
            if shown is None:
                return
            asked = pickups.hand_over(shown.code, by=self.hr, key=a_key())
            refusal = "NOT_THAT_STEP"
        if order.state is READY:
            await asked
            self.move(order, FULFILLED)
        else:
            assert await refused(asked) == refusal

    async def reprice(self, n: int, price: int) -> None:
        reward = self.prizes[n].reward
        names = [name for name in catalogue.Plan.__slots__ if name != "team_ids"]
        plan = {name: getattr(reward, name) for name in names} | {"price": price}
        self.prizes[n].reward = await catalogue.save(
            reward.id, catalogue.Plan(**plan), by=self.hr, key=a_key()
        )

    async def archive(self, n: int) -> None:
        prize = self.prizes[n]
        prize.is_archived = not prize.is_archived
        await catalogue.archive(prize.reward.id, is_archived=prize.is_archived, by=self.hr)

    async def leave(self, who: int) -> None:
        self.buyers[who].left_on = clock.business_date()
        await self.buyers[who].save(update_fields=["left_on"])

    def approve(self, order: Order) -> None:
        self.move(order, APPROVED)
        if order.prize.is_code:
            self.move(order, READY)

    def move(self, order: Order, to: Any) -> None:
        order.state = to
        order.touched += 1
        if to in UNDONE:
            self.points[order.owner] += order.price
            order.prize.take(0 if order.prize.is_code and to is RETURNED else -1)

    async def check(self) -> None:
        rows = await Redemption.filter(buyer_id__in=[buyer.id for buyer in self.buyers])
        found = {row.id: (row.state, row.price) for row in rows}
        assert found == {order.id: (order.state, order.price) for order in self.orders}
        assert [await balance(buyer) for buyer in self.buyers] == self.points
        for prize in self.prizes:
            assert prize.stock is None or await left(prize.reward) == prize.stock
            if prize.cents is not None:
                allotment = await Allotment.get(budget_id=prize.reward.budget_id)
                assert allotment.left_cents == prize.cents


async def refused(asked: Any) -> str:
    try:
        await asked
    except Refused as refusal:
        return refusal.code
    return ""


async def a_model() -> Model:
    today = clock.business_date()
    budget = await a_budget(2 * WORTH, today, today + timedelta(days=2))
    prizes = [
        Prize(await a_reward(lying=3, budget_id=budget), 3, 2 * WORTH),
        Prize(await a_voucher("A", "B"), 2),
        Prize(await a_reward(lying=None, kind=RewardKind.TIME_OFF), None),
    ]
    buyers = [await a_buyer(POINTS) for _ in range(PEOPLE)]
    return Model(buyers, await an_hr(), await an_hr(), prizes, clock.now())
