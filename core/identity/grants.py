"""Grants: given and taken by who runs this service; sessions know of it with their next request."""

from tortoise.expressions import Q

from core import audit, people
from core.errors import NotFound
from core.people import Grant, Grants, Person
from core.text import Text
from core.transactions import transaction


class UnknownNumber(NotFound):
    text = Text(
        "Nobody who works here has the number {number}.",
        "没有工号为 {number} 的在职员工。",
        "沒有工號為 {number} 的在職員工。",
    )


@transaction
async def give(number: str, grant: Grant) -> bool:
    """Whether the person did not carry it before. Raises UnknownNumber."""
    person = await _held(Q(people.employed(), number=number), number)
    return await _change("grant.given", person, person.grants | Grants[grant], grant)


@transaction
async def take(number: str, grant: Grant) -> bool:
    """Whether the person carried it; who has left may lose one, too. Raises UnknownNumber."""
    person = await _held(Q(number=number), number)
    return await _change("grant.taken", person, person.grants & ~Grants[grant], grant)


async def carried() -> list[Person]:
    """Everybody who carries a grant, by number."""
    return await Person.filter(people.employed(), grants__gt=0).order_by("number")


async def _held(who: Q, number: str) -> Person:
    """The row, which no import changes before this transaction ends."""
    person = await Person.filter(who).select_for_update(no_key=True).first()
    if person is None:
        raise UnknownNumber(number=number)
    return person


async def _change(name: str, person: Person, grants: int, grant: Grant) -> bool:
    if person.grants == grants:
        return False
    await Person.filter(id=person.id).update(grants=grants)
    await audit.record(name, by=None, about=person.id, grant=grant)
    return True
