"""Pauses: being away for a while, without being asked why."""

from datetime import date

from api.roots import mutation, payload
from api.viewer import Viewer
from core import pauses
from core.people import Person


@mutation(payload("Paused", Viewer))
async def pause(viewer: Person, until: date) -> Person:
    """Be away until a date, the first day back: what counts weeks or days waits. Nobody is told."""
    return await pauses.pause(until, by=viewer)


@mutation(payload("Resumed", Viewer))
async def resume(viewer: Person) -> Person:
    """Be back today; without a pause nothing changes."""
    return await pauses.resume(by=viewer)
