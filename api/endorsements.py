"""Endorsing colleagues."""

from uuid import UUID

from api.people import Person as Colleague
from api.roots import mutation, payload
from community import endorsements
from core import people
from core.people import Person


@mutation(payload("ColleagueEndorsed", Colleague))
async def endorse_colleague(viewer: Person, person_id: UUID, tag_id: UUID) -> people.Person:
    """Say that a colleague who helped the viewer in a tag knows it."""
    return await endorsements.endorse(person_id, tag_id, by=viewer)


@mutation(payload("EndorsementTakenBack", Colleague))
async def take_back_endorsement(viewer: Person, person_id: UUID, tag_id: UUID) -> people.Person:
    return await endorsements.take_back(person_id, tag_id, by=viewer)
