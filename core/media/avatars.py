"""Avatars: the picture beside a person's name."""

from uuid import UUID

from core.media import uploads
from core.media.images import Image
from core.media.uploads import Purpose
from core.people import Person
from core.transactions import transaction


@transaction
async def put(upload_id: UUID, *, by: Person) -> Person:
    """Show a finished upload beside one's name."""
    [image] = await uploads.take_over([upload_id], Purpose.AVATAR, by=by)
    person = await Person.select_for_update(no_key=True).get(id=by.id)
    former, person.avatar_id = person.avatar_id, image.id
    await person.save(update_fields=["avatar_id"])
    if former:
        await uploads.give_back(await Image.get(id=former), by=by)
    return person
