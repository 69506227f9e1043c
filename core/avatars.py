"""Avatars: the picture beside a person's name."""

from uuid import UUID

from core import uploads
from core.people import Person
from core.transactions import transaction
from core.uploads import Purpose


@transaction
async def put(upload_id: UUID, *, by: Person) -> Person:
    """Show a finished upload beside one's name."""
    [image] = await uploads.take_over([upload_id], Purpose.AVATAR, by=by)
    by.avatar_id = image.id
    await by.save(update_fields=["avatar_id"])
    return by
