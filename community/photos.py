"""Photos: the images of a post, in their order."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from core.database.sql import Statement
from core.errors import Invalid
from core.media import images, uploads
from core.media.images import Image
from core.media.uploads import Purpose
from core.people import Person
from core.text import Text
from core.together import together

MOST = 9


class Photo(Model):
    id = fields.UUIDField(primary_key=True)
    post_id: UUID = fields.UUIDField()
    image: fields.ForeignKeyRelation[Image] = fields.ForeignKeyField("models.Image")
    image_id: UUID
    position = fields.SmallIntField()

    class Meta:
        table = "photo"
        unique_together = ("post_id", "position")


OF = Statement(
    """
    SELECT photo.*, image.* FROM photo JOIN image ON image.id = photo.image_id
    WHERE photo.post_id = ANY(:posts) ORDER BY photo.position
    """,
    Photo,
    Image,
)


class TooManyPhotos(Invalid):
    text = Text(
        f"At most {MOST} photos in a post.",
        f"一个帖子最多 {MOST} 张照片。",
        f"一則貼文最多 {MOST} 張照片。",
    )


async def attach(post_id: UUID, upload_ids: Sequence[UUID], *, by: Person) -> None:
    if len(upload_ids) > MOST:
        raise TooManyPhotos
    taken = await uploads.take_over(upload_ids, Purpose.PHOTO, by=by) if upload_ids else []
    for position, image in enumerate(taken):
        await Photo.create(post_id=post_id, image=image, position=position)


async def drop(post_ids: Sequence[UUID]) -> None:
    """For good; the files first: while there is a row, they will be found again."""
    for photo in await Photo.filter(post_id__in=post_ids).prefetch_related("image"):
        await images.drop_files([photo.image.full_name, photo.image.thumb_name])
        await Image.filter(id=photo.image_id).delete()


@together
async def of(post_ids: Sequence[UUID]) -> list[list[Image]]:
    found = defaultdict(list)
    for photo, image in await OF.rows(posts=post_ids):
        found[photo.post_id].append(image)
    return [found[id] for id in post_ids]
