"""Cheers: anybody may cheer anybody on."""

from uuid import UUID

from api.people import Person as PersonView
from api.roots import mutation, payload
from community import blocks
from core import people
from core.people import Person
from gamify.boards import cheers


@mutation(payload("Cheered", PersonView))
async def cheer(viewer: Person, person_id: UUID, idempotency_key: str) -> people.Person:
    """Cheer a colleague on, once a day; they are told, unless they blocked the viewer."""
    person = await people.found(person_id)
    is_told = not await blocks.has_blocked(person, viewer.id)
    return await cheers.cheer(person.id, by=viewer, key=idempotency_key, is_told=is_told)
