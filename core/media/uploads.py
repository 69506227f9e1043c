"""Uploads: pictures on their way in, still their sender's own.

`request` reserves a place, the bytes are PUT there, `finish` tells whether they are a picture.
What then shows the picture takes it over as an image: a row of its own that knows no sender.
"""

from collections.abc import AsyncIterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal, cast
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from core import clock, idempotency
from core.crypto import signing
from core.database import inserts
from core.database.sql import Statement
from core.errors import Busy, Conflict, NotFound
from core.media import images, pictures, storage
from core.media.images import Image
from core.people import Person
from core.text import Text
from core.transactions import transaction

KEPT = timedelta(days=1)
OPEN_FOR = timedelta(minutes=30)
MOST = 30  # uploads of one person that nothing shows yet


class Purpose(StrEnum):
    AVATAR = "AVATAR"
    PHOTO = "PHOTO"


class Upload(Model):
    id = fields.UUIDField(primary_key=True)
    owner_id: UUID = fields.UUIDField(db_index=True)
    purpose = fields.CharEnumField(Purpose, max_length=10)
    requested_at: datetime = fields.DatetimeField(db_index=True)
    full_name = fields.CharField(max_length=50, null=True)
    thumb_name = fields.CharField(max_length=50, null=True)
    width: int | None = fields.IntField(null=True, description="pixels, of the full picture")
    height: int | None = fields.IntField(null=True)

    class Meta:
        table = "upload"

    @property
    def url(self) -> str:
        """Where to PUT the bytes, for half an hour."""
        place = path(self.id)
        return f"{place}?{signing.sign(place, expires=clock.now() + OPEN_FOR)}"


OWN = Statement("SELECT upload.* FROM upload WHERE id = :id AND owner_id = :owner", Upload)
COUNT = Statement("SELECT COUNT(*) FROM upload WHERE owner_id = :owner")


class UploadNotFound(NotFound):
    text = Text(
        "This upload is not here. Please send the picture again.",
        "找不到该上传，请重新上传图片。",
        "找不到該上傳，請重新上傳圖片。",
    )


class NothingReceived(Conflict):
    text = Text(
        "The picture has not arrived yet. Please send it first.",
        "图片还没有传到，请先上传。",
        "圖片還沒有傳到，請先上傳。",
    )


class TooManyUploads(Busy):
    text = Text(
        "Too many pictures are waiting. Use them first, or try again tomorrow.",
        "待使用的图片太多了，请先使用它们，或明天再试。",
        "待使用的圖片太多了，請先使用它們，或明天再試。",
    )


@transaction
async def request(purpose: Purpose, *, by: Person, key: str) -> Upload:
    """Reserve a place for a picture."""
    id = uuid4()
    asked = ["upload", purpose]
    if (first := await idempotency.claim(key, by=by.id, asked=asked, result=id)) != id:
        return await _own(first, by)
    [(count,)] = await COUNT.rows(owner=by.id)
    if count >= MOST:
        raise TooManyUploads
    upload = Upload(id=id, owner_id=by.id, purpose=purpose, requested_at=clock.now())
    await inserts.add([upload])
    return upload


async def receive(upload_id: UUID, chunks: AsyncIterable[bytes]) -> None:
    """Take the bytes in, cleaned; sending them again replaces them. Raises as pictures.clean."""
    upload = await Upload.get_or_none(id=upload_id)
    if upload is None:
        raise UploadNotFound
    purpose = cast("Literal['avatar', 'photo']", upload.purpose.lower())
    async with pictures.received(chunks, purpose=purpose) as file:
        picture = await pictures.clean(file, purpose=purpose)
    full, thumb = storage.new_name(pictures.SUFFIX), storage.new_name(pictures.SUFFIX)
    await storage.current().put(full, picture.full.content)
    await storage.current().put(thumb, picture.thumb.content)
    width, height = picture.full.size
    names = {"full_name": full, "thumb_name": thumb, "width": width, "height": height}
    replaced = [upload.full_name, upload.thumb_name]
    if not await Upload.filter(id=upload_id, full_name=upload.full_name).update(**names):
        replaced = [full, thumb]  # taken over, or replaced, in the meantime
    await images.drop_files(name for name in replaced if name)


async def finish(upload_id: UUID, *, by: Person) -> Upload:
    """Whether a picture has arrived. Raises UploadNotFound, NothingReceived."""
    upload = await _own(upload_id, by)
    if upload.full_name is None:
        raise NothingReceived
    return upload


@transaction
async def take_over(upload_ids: Sequence[UUID], purpose: Purpose, *, by: Person) -> list[Image]:
    """Images of one's finished uploads, which thereby end; nothing on them leads to the sender."""
    taken = []
    for id in upload_ids:
        upload = await finish(id, by=by)
        as_it_is = Upload.filter(id=id, full_name=upload.full_name)
        if upload.purpose is not purpose or not await as_it_is.delete():
            raise UploadNotFound
        taken.append(await images.keep(upload))
    return taken


async def give_back(image: Image, *, by: Person) -> None:
    """What nothing shows any more goes as an upload does that nothing ever showed."""
    await Upload.create(
        id=uuid4(),
        owner_id=by.id,
        purpose=Purpose.AVATAR,
        requested_at=clock.now() - KEPT - OPEN_FOR,
        full_name=image.full_name,
        thumb_name=image.thumb_name,
    )
    await Image.filter(id=image.id).delete()


async def forget() -> None:
    """Due work: uploads that nothing showed within a day."""
    for upload in await Upload.filter(requested_at__lt=clock.now() - KEPT).limit(100):
        if await Upload.filter(id=upload.id).delete():
            await images.drop_files(name for name in (upload.full_name, upload.thumb_name) if name)


def path(upload_id: UUID) -> str:
    return f"/uploads/{upload_id.hex}"


async def _own(upload_id: UUID, by: Person) -> Upload:
    upload: Upload
    for (upload,) in await OWN.rows(id=upload_id, owner=by.id):
        return upload
    raise UploadNotFound
