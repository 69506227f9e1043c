"""Sites: where prizes are collected."""

from uuid import UUID

from api.roots import mutation, payload, query
from api.views import Node, view
from core.people import Person
from gamify.shop import sites


@view(sites.Site)
class Site(Node):
    """`place` says where one collects, and when."""

    name: str
    place: str


@query(list[Site])
async def sites_(viewer: Person) -> list[sites.Site]:
    return await sites.listed()


@mutation(payload("SiteSaved", Site))
async def save_site(
    viewer: Person, name: str, place: str, idempotency_key: str, site_id: UUID | None = None
) -> sites.Site:
    """A new site, or another name and place for one."""
    return await sites.save(site_id, name, place, by=viewer, key=idempotency_key)
