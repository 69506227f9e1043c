"""The hours in which nothing pings the viewer."""

from datetime import datetime, time

from api.roots import mutation
from api.views import batch, view
from core.messaging import quiet, quiet_hours
from core.people import Person


@view(quiet_hours.Hours)
class QuietHours:
    """By the clock on the wall; over midnight, where they end earlier than they begin."""

    begins: time
    ends: time


@view(Person)
class QuietHoursChosen:
    quiet_hours: QuietHours = batch(quiet_hours.of)
    quiet_until: datetime | None = batch(quiet.now)


@mutation(QuietHoursChosen)
async def choose_quiet_hours(viewer: Person, begins: time, ends: time) -> Person:
    """Be left alone between these; after a late or early shift it is quiet later instead."""
    return await quiet_hours.choose(begins, ends, by=viewer)
