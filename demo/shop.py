"""The shop before the festival: two sites, 300 open orders, and a step that was a mistake."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import partial
from itertools import cycle
from random import Random
from typing import Any
from uuid import UUID, uuid4

from core import clock
from core.people import Person
from core.text import Text
from demo.agenda import Act
from demo.threads import HERE, read
from gamify import accounts, ledger
from gamify.ledger import Cause
from gamify.reasons import Reason
from gamify.shop import allotments, budgets, catalogue, orders, sites, step_batches, stock, vouchers
from gamify.shop.orders import Wanted
from gamify.shop.redemptions import APPROVED, READY, Redemption
from gamify.shop.rewards import Reward, RewardKind
from gamify.shop.sites import Site

HR, HELPER = "gu", "yu"
OPENED = timedelta(days=30)  # ago
ORDERED = (0.1, 6.0)  # days ago
EACH = 6_000  # points, so that everybody can order
PERSONAS = {"lin", "maya", "su", "he", "shen", "fang", HR, "luo", HELPER}


class Shop:
    def __init__(self, cast: Mapping[str, Person], rng: Random) -> None:
        self.hr, self.rng = cast[HR], rng
        self.buyers = [person for key, person in cast.items() if key not in PERSONAS]
        self.told, self.now = read(HERE / "shop.toml"), clock.now()
        self.sites: list[Site] = []
        self.rewards: list[Reward] = []

    def acts(self) -> Iterator[Act]:
        yield Act(self.now - OPENED, self._open)
        buyers = cycle(self.buyers)
        for n, row in enumerate(self.told["rewards"]):
            for k in range(row.get("orders", 0)):
                yield Act(self._lately(), partial(self._order, n, k, next(buyers)))
        yield Act(self.now - timedelta(hours=1), self._approve)
        yield Act(self.now, self._mistake)

    async def _open(self) -> None:
        for person in self.buyers:
            await _give(person)
        for row in self.told["sites"]:
            self.sites.append(await sites.save(None, **row, by=self.hr, key=uuid4().hex))
        budget = await budgets.save(None, "员工关怀", by=self.hr, key=uuid4().hex)
        year = clock.business_date(self.now).year
        plan = allotments.Plan(date(year - 1, 1, 1), date(year, 12, 31), 5_000_000)
        await allotments.allot(budget.id, plan, by=self.hr)
        for row in self.told["rewards"]:
            self.rewards.append(await self._keep(row, budget.id))

    async def _keep(self, row: dict[str, Any], budget_id: UUID) -> Reward:
        kind = RewardKind(row["kind"])
        plan = catalogue.Plan(
            kind=kind,
            name=Text(*row["name"]),
            about=Text(*row["about"]),
            price=row["price"],
            value_cents=row["cents"],
            is_limited="left" in row or kind is RewardKind.VOUCHER,
            budget_id=budget_id,
        )
        reward = await catalogue.save(None, plan, by=self.hr, key=uuid4().hex)
        if codes := row.get("codes"):
            text = "\n".join(f"TEA-{self.rng.randrange(10**8):08}" for _ in range(codes))
            await vouchers.take_in(reward.id, text, by=self.hr, key=uuid4().hex)
        for k, left in enumerate(row.get("left", ())):
            ordered = len(range(k, row["orders"], len(row["left"])))
            await stock.put(reward, self.sites[k].id, left + ordered)
        return reward

    async def _order(self, n: int, k: int, buyer: Person) -> None:
        """Orders go to the sites where the reward lies in turn."""
        reward, left = self.rewards[n], self.told["rewards"][n].get("left")
        site = self.sites[k % len(left)].id if left else None
        wanted = Wanted(reward.id, reward.price, site)
        await orders.redeem(wanted, by=buyer, key=uuid4().hex)

    async def _approve(self) -> None:
        await self._step(self.told["approved"], APPROVED, Redemption.filter(state="REQUESTED"))

    async def _mistake(self) -> None:
        wrong = self.told["ready_by_mistake"]
        await self._step(wrong, READY, Redemption.filter(state="APPROVED"))

    async def _step(self, count: int, to: Any, of: Any) -> None:
        rows = await of.order_by("requested_at", "id").limit(count)
        await step_batches.step([row.id for row in rows], to, by=self.hr, key=uuid4().hex)

    def _lately(self) -> datetime:
        return self.now - timedelta(days=self.rng.uniform(*ORDERED))


async def _give(person: Person) -> None:
    """What was earned before this company began."""
    year = clock.business_date().year
    postings = {accounts.available(person.id, year): EACH, accounts.issued(UUID(int=1)): -EACH}
    cause = Cause(reason=Reason.EARNED)
    await ledger.transfer(f"demo:{person.id}", postings, cause, person_id=person.id)
