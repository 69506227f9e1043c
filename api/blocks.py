"""Blocks."""

from uuid import UUID

from api.people import Person as PersonView
from api.roots import mutation, payload
from community import blocks
from core.people import Person


@mutation(payload("PersonBlocked", PersonView))
async def block_person(viewer: Person, person_id: UUID) -> Person:
    """See no more of what this person writes under their name; they do not learn of it.

    What they write anonymously still appears, as it must: nobody can tell that it is theirs.
    """
    return await blocks.block(person_id, by=viewer)


@mutation(payload("PersonUnblocked", PersonView))
async def unblock_person(viewer: Person, person_id: UUID) -> Person:
    return await blocks.unblock(person_id, by=viewer)
