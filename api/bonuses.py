"""Bonuses: points that HR gives by hand."""

from datetime import datetime
from uuid import UUID

import strawberry

from api.connections import Connection
from api.people import Person as PersonView
from api.roots import mutation, payload, query
from api.views import Node, batch, view
from core import pages, people
from core.pages import Page
from core.people import Person
from gamify import bonuses
from gamify.bonuses import BonusState

strawberry.enum(BonusState, description="WAITING is for a second one to agree.")


@view(bonuses.Bonus)
class Bonus(Node):
    """`words` are what it is for, as its person reads them."""

    person: PersonView = batch(people.named, key="person_id")
    points: int
    words: str
    state: BonusState
    given_by: PersonView | None = batch(people.by_id, key="given_by")
    given_at: datetime
    decided_by: PersonView | None = batch(people.by_id, key="decided_by")


@query(Connection[Bonus])
async def bonuses_(viewer: Person, page: Page) -> pages.Connection[bonuses.Bonus]:
    """What HR gave by hand, and what waits for a second one; the latest first."""
    return await bonuses.listed(page=page, viewer=viewer)


@mutation(payload("BonusGiven", Bonus))
async def give_bonus(
    viewer: Person, person_id: UUID, points: int, words: str, idempotency_key: str
) -> bonuses.Bonus:
    """Out of the budget of the rule for bonuses; beyond a limit it waits for a second one."""
    return await bonuses.give(person_id, points, words, by=viewer, key=idempotency_key)


@mutation(payload("BonusDecided", Bonus))
async def decide_bonus(viewer: Person, bonus_id: UUID, *, agree: bool) -> bonuses.Bonus:
    """As somebody else than who gives it, and than who gets it."""
    return await bonuses.decide(bonus_id, agree=agree, by=viewer)
