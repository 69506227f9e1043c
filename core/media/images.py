"""Images: pictures that something shows. Their links are short-lived."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from tortoise import fields

from core import clock, settings
from core.crypto import signing
from core.database import sql
from core.database.versions import KeptModel
from core.media import storage

SHOWN_FOR = timedelta(hours=1)


class ImageSize(StrEnum):
    FULL = "FULL"
    THUMB = "THUMB"


class Image(KeptModel):
    id = fields.UUIDField(primary_key=True)
    full_name = fields.CharField(max_length=50)
    thumb_name = fields.CharField(max_length=50)
    width = fields.IntField(description="pixels, of the full picture")
    height = fields.IntField()

    class Meta:
        table = "image"


class Received(Protocol):
    """What an image is made of."""

    full_name: str | None
    thumb_name: str | None
    width: int | None
    height: int | None


async def keep(received: Received) -> Image:
    return await Image.create(
        full_name=received.full_name,
        thumb_name=received.thumb_name,
        width=received.width,
        height=received.height,
    )


async def by_id(image_ids: Sequence[UUID | None]) -> list[Image | None]:
    found = await sql.in_bulk(Image, filter(None, image_ids))
    return [found.get(id) if id else None for id in image_ids]


async def urls(images: Sequence[Image], *, size: ImageSize = ImageSize.FULL) -> list[str]:
    """Where each picture can be read for about an hour by whoever has the link."""
    names = [i.full_name if size is ImageSize.FULL else i.thumb_name for i in images]
    return [settings.current().public_url + _signed(f"/media/{name}") for name in names]


async def drop_files(names: Iterable[str]) -> None:
    for name in names:
        await storage.current().delete(name)


def _signed(path: str) -> str:
    return f"{path}?{signing.sign(path, expires=clock.now() + SHOWN_FOR)}"
