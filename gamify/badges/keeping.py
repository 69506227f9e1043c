"""Keeping: what becomes of badges when somebody is erased."""

from core.keeping import deleted, stays
from core.people import Person
from gamify.badges import awards
from gamify.badges.awards import Award
from gamify.badges.deeds import Deed, DeedTag


async def _awards(person: Person) -> None:
    """What they gave stays with whoever has it."""
    await awards.erase(person)
    await Award.filter(given_by=person.id).update(given_by=None)


KEEPING = [
    deleted(Award, erase=_awards),
    stays(Deed, "it counts, under ids"),
    stays(DeedTag, "as its deed"),
]
