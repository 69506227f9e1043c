"""Sites: where prizes lie and are collected."""

from collections.abc import Sequence
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from core import audit, idempotency
from core.database import sql
from core.database.sql import Statement
from core.errors import NotFound
from core.people import Person
from core.text import Text
from core.transactions import transaction
from core.writing import written

NAME, PLACE = 80, 200  # characters


class Site(Model):
    id = fields.UUIDField(primary_key=True)
    name = fields.CharField(max_length=NAME)
    place = fields.CharField(max_length=PLACE, description="where one collects, and when")

    class Meta:
        table = "site"


LISTED = Statement("SELECT site.* FROM site ORDER BY name, id", Site)


class SiteNotFound(NotFound):
    text = Text("This site is not here.", "找不到这个职场。", "找不到這個職場。")


@transaction
async def save(site_id: UUID | None, name: str, place: str, *, by: Person, key: str) -> Site:
    """A new site, or another name for one. Raises SiteNotFound."""
    name, place = written(name, most=NAME), written(place, most=PLACE)
    id = site_id or uuid4()
    if not site_id:
        asked = ["site", name, place]
        if (first := await idempotency.claim(key, by=by.id, asked=asked, result=id)) != id:
            return await found(first)
        await Site.create(id=id, name=name, place=place)
    else:
        await Site.filter(id=id).update(name=name, place=place)
    await audit.record("site.saved", by=by.id, about=id, site=name, place=place)
    return await found(id)


async def found(site_id: UUID) -> Site:
    site = await Site.get_or_none(id=site_id)
    if site is None:
        raise SiteNotFound
    return site


async def listed() -> list[Site]:
    return [site for (site,) in await LISTED.rows()]


async def by_id(site_ids: Sequence[UUID | None]) -> list[Site | None]:
    found = await sql.in_bulk(Site, filter(None, site_ids))
    return [found.get(id) if id else None for id in site_ids]
