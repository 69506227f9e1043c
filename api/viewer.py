"""The viewer: what one sees of oneself alone."""

import strawberry

from api.context import Context
from api.people import Person
from api.roots import query
from api.views import ROW, batch, itself, view
from core import people
from core.people import Grant

strawberry.enum(Grant)


@view(people.Person)
class Viewer:
    person: Person = itself()
    grants: list[Grant] = batch(people.grants, key=ROW)


@query(Viewer | None)
async def viewer(context: Context) -> people.Person | None:
    """Who is asking; null if nobody is signed in."""
    return context.viewer
