"""Budgets: pots of money that prizes draw from."""

from collections.abc import Sequence
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from core import audit, idempotency
from core.database import sql
from core.database.sql import Statement
from core.errors import NotFound
from core.people import Person
from core.text import Text
from core.transactions import transaction
from core.writing import written

NAME = 80  # characters


class Budget(Model):
    id = fields.UUIDField(primary_key=True)
    name = fields.CharField(max_length=NAME)

    class Meta:
        table = "budget"


LISTED = Statement("SELECT budget.* FROM budget ORDER BY name, id", Budget)


class BudgetNotFound(NotFound):
    text = Text("This budget is not here.", "找不到这个预算。", "找不到這個預算。")


@transaction
async def save(budget_id: UUID | None, name: str, *, by: Person, key: str) -> Budget:
    """A new budget, or another name for one. Raises BudgetNotFound."""
    name, id = written(name, most=NAME), budget_id or uuid4()
    if not budget_id:
        claimed = await idempotency.claim(key, by=by.id, asked=["budget", name], result=id)
        if claimed != id:
            return await found(claimed)
        await Budget.create(id=id, name=name)
    else:
        await Budget.filter(id=id).update(name=name)
    await audit.record("budget.saved", by=by.id, about=id, budget=name)
    return await found(id)


async def found(budget_id: UUID) -> Budget:
    budget = await Budget.get_or_none(id=budget_id)
    if budget is None:
        raise BudgetNotFound
    return budget


async def listed() -> list[Budget]:
    return [budget for (budget,) in await LISTED.rows()]


async def by_id(budget_ids: Sequence[UUID]) -> list[Budget | None]:
    found = await sql.in_bulk(Budget, budget_ids)
    return [found.get(id) for id in budget_ids]
