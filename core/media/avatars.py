"""Avatars: the picture beside a person's name."""

from typing import cast
from uuid import UUID

from core.database.sql import Statement
from core.media import uploads
from core.media.images import Image
from core.media.uploads import Purpose
from core.people import Person
from core.transactions import transaction

PUT = Statement("UPDATE person SET avatar_id = :image WHERE id = :id RETURNING person.*", Person)


@transaction
async def put(upload_id: UUID, *, by: Person) -> Person:
    """Show a finished upload beside one's name."""
    [image] = await uploads.take_over([upload_id], Purpose.AVATAR, by=by)
    [(person,)] = await PUT.rows(id=by.id, image=image.id)
    if by.avatar_id:
        await uploads.give_back(await Image.get(id=by.avatar_id), by=by)
    return cast("Person", person)
