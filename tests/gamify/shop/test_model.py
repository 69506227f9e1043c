"""The shop beside a model of it: whatever people and HR do in whatever order, both agree."""

import os
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import clock
from core.errors import Refused
from core.people import Person
from gamify.shop import moves, orders, step_batches, undoing
from gamify.shop.moves import BEFORE
from gamify.shop.redemptions import (
    APPROVED,
    CANCELLED,
    FULFILLED,
    READY,
    REJECTED,
    REQUESTED,
    RETURNED,
    UNDONE,
    Redemption,
)
from gamify.shop.rewards import Reward
from tests.gamify.shop.makers import (
    a_buyer,
    a_reward,
    an_hr,
    balance,
    findings,
    left,
    wanted,
)
from tests.makers import a_key

EXAMPLES = int(os.environ.get("BREAKROOM_TEST_EXAMPLES", "6"))
BACK = {APPROVED: REQUESTED, READY: APPROVED}
PEOPLE, STOCK, POINTS, PRICE = 2, 3, 1600, 500


@dataclass
class Model:
    """What is expected: the points of each, the stock, every order, and what can be undone."""

    buyers: list[Person]
    hr: Person
    reward: Reward
    now: datetime
    points: list[int] = field(default_factory=lambda: [POINTS] * PEOPLE)
    stock: int = STOCK
    ids: list[Any] = field(default_factory=list)
    owners: list[int] = field(default_factory=list)
    states: list[Any] = field(default_factory=list)
    touched: list[int] = field(default_factory=list)  # how often each was moved
    batches: list[Any] = field(default_factory=list)

    async def order(self, who: int) -> None:
        asked = orders.redeem(await wanted(self.reward), by=self.buyers[who], key=a_key())
        if not self.stock:
            assert await refused(asked) == "OUT_OF_STOCK"
        elif self.points[who] < PRICE:
            assert await refused(asked) == "NOT_ENOUGH_POINTS"
        else:
            self.ids.append((await asked).id)
            self.owners.append(who)
            self.states.append(REQUESTED)
            self.touched.append(0)
            self.points[who] -= PRICE
            self.stock -= 1

    async def cancel(self, n: int) -> None:
        asked = moves.cancel(self.ids[n], by=self.buyers[self.owners[n]])
        if self.states[n] is CANCELLED:
            await asked
        elif self.states[n] in BEFORE[CANCELLED]:
            await asked
            self.move(n, CANCELLED)
        else:
            assert await refused(asked) == "NOT_THAT_STEP"

    async def step(self, chosen: list[int], to: Any) -> None:
        ids = [self.ids[n] for n in chosen]
        batch = await step_batches.step(ids, to, by=self.hr, key=a_key(), reason="Because")
        moved = [n for n in chosen if self.states[n] in BEFORE[to]]
        assert [code for _, code in batch.outcome] == [
            None if n in moved else "NOT_THAT_STEP" for n in chosen
        ]
        for n in moved:
            self.move(n, to)
        made = {n: self.touched[n] for n in moved}
        self.batches.append((batch.id, to, made, self.now))

    async def undo(self, n: int) -> None:
        id, to, made, at = self.batches[n]
        if made is None:
            await undoing.undo(id, by=self.hr)  # twice is once
        elif to not in BACK or self.now >= at + timedelta(minutes=10):
            assert await refused(undoing.undo(id, by=self.hr)) == "TOO_LATE_TO_UNDO"
        else:
            await undoing.undo(id, by=self.hr)
            for order, touched in made.items():
                if self.touched[order] == touched:
                    self.move(order, BACK[to])
            self.batches[n] = (id, to, None, at)

    def move(self, n: int, to: Any) -> None:
        self.states[n] = to
        self.touched[n] += 1
        if to in UNDONE:
            self.points[self.owners[n]] += PRICE
            self.stock += 1

    async def check(self) -> None:
        found = {row.id: row.state for row in await Redemption.filter(reward_id=self.reward.id)}
        assert found == dict(zip(self.ids, self.states, strict=True))
        assert [await balance(buyer) for buyer in self.buyers] == self.points
        assert await left(self.reward) == self.stock


async def refused(asked: Any) -> str:
    try:
        await asked
    except Refused as refusal:
        return refusal.code
    return ""


SOME = st.lists(st.integers(0, 5), min_size=1, max_size=4, unique=True)
STEPS = st.sampled_from([APPROVED, REJECTED, READY, FULFILLED, RETURNED])
ACTS = st.one_of(
    st.tuples(st.just("order"), st.integers(0, PEOPLE - 1)),
    st.tuples(st.just("cancel"), st.integers(0, 5)),
    st.tuples(st.just("step"), SOME, STEPS),
    st.tuples(st.just("undo"), st.integers(0, 5)),
    st.tuples(st.just("wait"), st.integers(1, 12)),
)


@given(acts=st.lists(ACTS, min_size=6, max_size=16))
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
async def test_whatever_is_done_in_whatever_order_the_model_agrees(acts):
    reward = await a_reward(lying=STOCK)
    people = [await a_buyer(POINTS) for _ in range(PEOPLE)]
    model = Model(people, await an_hr(), reward, clock.now())
    for name, *given_ in acts:
        with clock.set_to(model.now):
            await act(model, name, *given_)
            await model.check()
    assert await findings() == []


async def act(model: Model, name: str, what: Any, *more: Any) -> None:
    if name == "wait":
        model.now += timedelta(minutes=what)
    elif name == "order":
        await model.order(what)
    elif name == "cancel" and what < len(model.ids):
        await model.cancel(what)
    elif name == "undo" and what < len(model.batches):
        await model.undo(what)
    elif name == "step" and (chosen := [n for n in what if n < len(model.ids)]):
        await model.step(chosen, *more)
