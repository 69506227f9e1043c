"""The viewer: what one sees of oneself alone."""

from datetime import date

import strawberry

from api.context import Context
from api.people import Person
from api.points import Points
from api.roots import query
from api.sessions import Session
from api.shifts import Shift
from api.views import ROW, batch, itself, view
from community import buddies
from core import pauses, people, privacy, sessions, shifts
from core.people import Grant
from gamify import points

strawberry.enum(Grant)


@view(people.Person)
class Viewer:
    person: Person = itself()
    buddy: Person | None = batch(buddies.of)
    newcomers: list[Person] = batch(buddies.newcomers)
    points: Points = batch(points.balances)
    shifts: list[Shift] = batch(shifts.of)
    paused_until: date | None = batch(pauses.until)
    grants: list[Grant] = batch(people.grants, key=ROW)
    sessions: list[Session] = batch(sessions.of)
    has_accepted_privacy_notice: bool = batch(privacy.accepted)


@query(Viewer | None)
async def viewer(context: Context) -> people.Person | None:
    """Who is asking; null if nobody is signed in."""
    return context.viewer
