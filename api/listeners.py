"""Listeners: being asked when somebody in a support group waits for an answer."""

from uuid import UUID

from api.roots import mutation, payload
from api.viewer import Viewer
from community import listeners
from core.people import Person


@mutation(payload("Listening", Viewer))
async def listen(viewer: Person, group_id: UUID | None = None) -> Person:
    """Be asked, while awake and off shift, in this support group or in all the viewer is in now."""
    return await listeners.listen(group_id, by=viewer)


@mutation(payload("ListeningStopped", Viewer))
async def stop_listening(viewer: Person, group_id: UUID | None = None) -> Person:
    """Be asked no more, in this group or in any. Nobody is told."""
    return await listeners.stop(group_id, by=viewer)
