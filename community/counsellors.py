"""Counsellors: who looks after people in danger. HR and supervisors have no way there."""

from itertools import product
from uuid import UUID

from core import people
from core.errors import NotFound
from core.people import Grants, Person
from core.text import Text

#: Grants under which nobody looks after people in danger, whatever else they may do.
BARRED = Grants.HR | Grants.SUPERVISOR
OTHERS = (Grants.NONE, Grants.MODERATOR), (Grants.NONE, Grants.ADMIN)
COUNSELLING = [int(Grants.COUNSELLOR | one | other) for one, other in product(*OTHERS)]


class CounsellorNotFound(NotFound):
    text = Text("This is no counsellor.", "此人不是辅导员。", "此人不是輔導員。")


def counsels(person: Person) -> bool:
    return person.may(Grants.COUNSELLOR) and not person.may(BARRED)


async def found(person_id: UUID) -> Person:
    """Raises CounsellorNotFound."""
    person = await Person.filter(people.employed(), id=person_id).first()
    if person is None or not counsels(person):
        raise CounsellorNotFound
    return person


async def everyone() -> list[Person]:
    """All counsellors, in the order of their numbers."""
    return await Person.filter(people.employed(), grants__in=COUNSELLING).order_by("number")
