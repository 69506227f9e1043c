"""Budgets: what prizes may cost in each period, what is reserved, spent and left."""

from datetime import date
from uuid import UUID

import strawberry

from api.roots import mutation, payload, query
from api.views import Node, batch, view
from core.people import Person
from gamify.shop import allotments, budgets
from gamify.shop.allotments import Plan


@view(allotments.Allotment)
class Allotment(Node):
    """What a budget has from one day to another, in cents; `reserved` is for open orders."""

    begins_on: date
    ends_on: date
    cents: int
    reserved_cents: int
    spent_cents: int
    left_cents: int


@view(budgets.Budget)
class Budget(Node):
    name: str
    allotments: list[Allotment] = batch(allotments.of)


@strawberry.input
class AllotmentPlan:
    begins_on: date
    ends_on: date = strawberry.field(description="The last day.")
    cents: int


@query(list[Budget])
async def budgets_(viewer: Person) -> list[budgets.Budget]:
    return await budgets.listed()


@mutation(payload("BudgetSaved", Budget))
async def save_budget(
    viewer: Person, name: str, idempotency_key: str, budget_id: UUID | None = None
) -> budgets.Budget:
    """A new budget, or another name for one."""
    return await budgets.save(budget_id, name, by=viewer, key=idempotency_key)


@mutation(payload("BudgetAllotted", Budget))
async def allot_budget(viewer: Person, budget_id: UUID, plan: AllotmentPlan) -> budgets.Budget:
    """So much for a period; for one that begins on the same day, so much instead."""
    return await allotments.allot(budget_id, Plan(**vars(plan)), by=viewer)
