"""People, as colleagues see them."""

from uuid import UUID

from api.images import Image
from api.roots import query
from api.views import Node, batch, view
from core import images, people


@view(people.Team)
class Team(Node):
    department: str
    name: str


@view(people.Person)
class Person(Node):
    name: str
    number: str | None
    phone: str | None
    team: Team | None = batch(people.teams, key="team_id")
    avatar: Image | None = batch(images.by_id, key="avatar_id")


@query(Person | None)
async def person(id: UUID) -> people.Person:
    """A colleague."""
    return await people.found(id)
