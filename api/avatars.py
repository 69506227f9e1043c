"""Avatars."""

from uuid import UUID

from api.people import Person as PersonView
from api.roots import mutation, payload
from core.media import avatars
from core.people import Person


@mutation(payload("AvatarSet", PersonView))
async def set_avatar(viewer: Person, upload_id: UUID) -> Person:
    """Show a finished upload beside one's name."""
    return await avatars.put(upload_id, by=viewer)
