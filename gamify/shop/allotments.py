"""Allotments: what a budget has in each period: reserved for open orders, spent, and left."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from uuid import UUID

from tortoise import fields
from tortoise.expressions import F
from tortoise.migrations.constraints import CheckConstraint
from tortoise.models import Model

from core import audit, clock
from core.errors import Conflict, Invalid
from core.people import Person
from core.text import Text
from core.transactions import transaction
from gamify.shop.budgets import Budget, BudgetNotFound

MOST = 2_000_000_000  # cents

Cents = Mapping[UUID, int]
"""by allotment"""


@dataclass(frozen=True, slots=True)
class Plan:
    begins_on: date
    ends_on: date
    cents: int


class Allotment(Model):
    id = fields.UUIDField(primary_key=True)
    budget: fields.ForeignKeyRelation[Budget] = fields.ForeignKeyField(
        "models.Budget", on_delete=fields.RESTRICT
    )
    budget_id: UUID
    begins_on: date = fields.DateField()
    ends_on: date = fields.DateField(description="the last day")
    cents: int = fields.IntField()
    reserved_cents: int = fields.IntField(default=0, db_default=0, description="for open orders")
    spent_cents: int = fields.IntField(default=0, db_default=0)

    class Meta:
        table = "allotment"
        unique_together = ("budget", "begins_on")
        constraints = (
            CheckConstraint(
                "reserved_cents >= 0 AND spent_cents >= 0 "
                "AND reserved_cents + spent_cents <= cents",
                "allotment_within_its_cents",
            ),
        )

    @property
    def left_cents(self) -> int:
        return self.cents - self.reserved_cents - self.spent_cents


class BudgetUsedUp(Conflict):
    text = Text(
        "This prize has no budget left for now. Please come back later.",
        "该奖品的预算暂时用完了，请过段时间再来。",
        "該獎品的預算暫時用完了，請過段時間再來。",
    )


class PeriodsOverlap(Conflict):
    text = Text(
        "Another period of this budget lies within these days.",
        "该预算在这段日期内已有另一个周期。",
        "該預算在這段日期內已有另一個週期。",
    )


class NotAnAllotment(Invalid):
    text = Text(
        "A period ends no earlier than it begins, and has up to 20 million.",
        "周期的结束日期不能早于开始日期，金额不超过两千万。",
        "週期的結束日期不能早於開始日期，金額不超過兩千萬。",
    )


class LessThanIsUsed(Conflict):
    text = Text(
        "More than that is spent or reserved already.",
        "已使用和预留的金额超过了这个数。",
        "已使用和預留的金額超過了這個數。",
    )


@transaction
async def allot(budget_id: UUID, plan: Plan, *, by: Person) -> Budget:
    """Give a budget so much for a period, or another amount for the one that begins then.

    Raises NotAnAllotment, PeriodsOverlap, LessThanIsUsed.
    """
    budget = await Budget.filter(id=budget_id).select_for_update().first()
    if budget is None:
        raise BudgetNotFound
    if plan.ends_on < plan.begins_on or not 0 <= plan.cents <= MOST:
        raise NotAnAllotment
    periods = Allotment.filter(budget_id=budget.id)
    others = periods.exclude(begins_on=plan.begins_on)
    if await others.filter(begins_on__lte=plan.ends_on, ends_on__gte=plan.begins_on).exists():
        raise PeriodsOverlap
    await _put(budget, plan)
    told = {name: str(value) for name, value in asdict(plan).items()}
    await audit.record("budget.allotted", by=by.id, about=budget.id, **told)
    return budget


async def running(budget_id: UUID, cents: int) -> UUID:
    """The period that runs, if it looks as if so much were left. Raises BudgetUsedUp."""
    today = clock.business_date()
    periods = Allotment.filter(budget_id=budget_id, begins_on__lte=today, ends_on__gte=today)
    found = await periods.first()
    if found is None or found.left_cents < cents:
        raise BudgetUsedUp
    return found.id


async def reserve(allotment_id: UUID, cents: int) -> None:
    """Hold so much; others wait until we commit. Raises BudgetUsedUp."""
    used = cents + F("reserved_cents") + F("spent_cents")
    enough = Allotment.filter(id=allotment_id, cents__gte=used)
    if not await enough.update(reserved_cents=F("reserved_cents") + cents):
        raise BudgetUsedUp


async def release(held: Cents) -> None:
    """Let go of what was reserved."""
    for id, cents in sorted(held.items()):
        await Allotment.filter(id=id).update(reserved_cents=F("reserved_cents") - cents)


async def spend(held: Cents) -> None:
    """What was reserved is spent."""
    for id, cents in sorted(held.items()):
        changed = {"reserved_cents": F("reserved_cents") - cents}
        await Allotment.filter(id=id).update(**changed, spent_cents=F("spent_cents") + cents)


async def give_back(spent: Cents) -> None:
    """What was spent is there again."""
    for id, cents in sorted(spent.items()):
        await Allotment.filter(id=id).update(spent_cents=F("spent_cents") - cents)


async def of(budget_ids: Sequence[UUID]) -> list[list[Allotment]]:
    """The periods of each budget, the latest first."""
    found = defaultdict(list)
    for row in await Allotment.filter(budget_id__in=set(budget_ids)).order_by("-begins_on"):
        found[row.budget_id].append(row)
    return [found[id] for id in budget_ids]


async def _put(budget: Budget, plan: Plan) -> None:
    there = Allotment.filter(budget_id=budget.id, begins_on=plan.begins_on)
    if not await there.exists():
        await Allotment.create(budget=budget, **asdict(plan))
        return
    used_less = there.filter(reserved_cents__lte=plan.cents - F("spent_cents"))
    if not await used_less.update(ends_on=plan.ends_on, cents=plan.cents):
        raise LessThanIsUsed
