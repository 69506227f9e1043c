"""The rota of counsellors."""

from datetime import datetime, time
from uuid import UUID

import strawberry

from api.people import Person as PersonView
from api.roots import mutation, payload, query
from api.views import view
from community import rotas, week
from community.week import Hours, Weekday
from core.people import Person

strawberry.enum(Weekday)


@view(week.Span)
class WeekHours:
    """Hours that come back every week, in the organisation's time zone."""

    begins_on: Weekday
    begins: time
    ends_on: Weekday
    ends: time


@view(rotas.OnCall)
class OnCallTurn:
    counsellor: PersonView
    hours: WeekHours


@view(rotas.Rota)
class Rota:
    """`gaps` are the hours that nobody covers; in them people are told so, and whom to call."""

    turns: list[OnCallTurn]
    gaps: list[WeekHours]
    on_call: list[PersonView]
    covered_from: datetime | None


@strawberry.input
class OnCallHours:
    """What ends no later than it begins ends the next day."""

    weekday: Weekday
    begins: time
    ends: time


@query(Rota)
async def rota(viewer: Person) -> rotas.Rota:
    """Who is on call when, and when nobody is."""
    return await rotas.current()


@mutation(payload("OnCallHoursPut", Rota))
async def put_on_call_hours(
    viewer: Person, counsellor_id: UUID, hours: list[OnCallHours]
) -> rotas.Rota:
    """When a counsellor is on call each week, in place of what was said before."""
    return await rotas.put(counsellor_id, [Hours(**vars(one)) for one in hours], by=viewer)
