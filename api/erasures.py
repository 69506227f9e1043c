"""Erasures: who has left becomes nameless, in time or when HR asks and another one agrees."""

from datetime import datetime
from uuid import UUID

from api.connections import Connection
from api.people import Person as Colleague
from api.roots import mutation, payload, query
from api.views import Node, batch, view
from core import erasures, people
from core.pages import Connection as Rows
from core.pages import Page
from core.people import Person


@view(erasures.Erasure)
class Erasure(Node):
    """Somebody's name, number, phone, pictures and settings go; nothing undoes it."""

    asked_at: datetime
    agreed_at: datetime | None
    done_at: datetime | None
    person: Colleague = batch(people.named, key="person_id")
    asked_by: Colleague | None = batch(people.by_id, key="asked_by_id")
    agreed_by: Colleague | None = batch(people.by_id, key="agreed_by_id")


@query(Connection[Erasure])
async def _erasures(page: Page) -> Rows[erasures.Erasure]:
    """For HR and administrators: what was asked for, and what was done in time; latest first."""
    return await erasures.listed(page=page)


@mutation(payload("ErasureAskedFor", Erasure))
async def ask_for_erasure(viewer: Person, number: str, idempotency_key: str) -> erasures.Erasure:
    """Ask that somebody who has left, by their employee number, be erased before the usual time."""
    return await erasures.ask(number, by=viewer, key=idempotency_key)


@mutation(payload("ErasureDecided", Erasure))
async def decide_erasure(viewer: Person, erasure_id: UUID, *, agreed: bool) -> erasures.Erasure:
    """As somebody other than who asked. What is agreed to is done within a minute, for good."""
    return await erasures.decide(erasure_id, agreed=agreed, by=viewer)


@view(people.Person)
class OwnErasure:
    """Since when the viewer wants to be erased once they have left."""

    asked_at: datetime | None = batch(erasures.asked_by_themselves)


@mutation(OwnErasure)
async def ask_to_be_erased(viewer: Person, idempotency_key: str) -> people.Person:
    """Ask to be erased oneself as soon as one has left; HR agrees then."""
    return await erasures.ask_own(by=viewer, key=idempotency_key)


@mutation(OwnErasure)
async def take_back_erasure(viewer: Person) -> people.Person:
    """Let the usual time pass after all."""
    return await erasures.take_back(by=viewer)
