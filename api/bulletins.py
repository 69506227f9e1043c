"""Bulletins: what is new, and taking note of it."""

from datetime import date, datetime
from uuid import UUID

from api.connections import Connection
from api.people import Person as Colleague
from api.posts import Post
from api.roots import mutation, payload, query
from api.views import ROW, Node, batch, id_of, view
from community import bulletins, posts
from core import people
from core.pages import Connection as Rows
from core.pages import Page
from core.people import Person


@view(bulletins.Bulletin)
class Bulletin(Node):
    """A pinned post; each edit makes a version. How many wait is for whoever pinned it."""

    post: Post = batch(posts.by_id, key="post_id")
    pinned_by: Colleague | None = batch(people.by_id, key="pinned_by_id")
    pinned_at: datetime
    valid_from: date
    version: int = batch(bulletins.versions, key="post_id")
    viewer_has_acknowledged: bool = batch(bulletins.acknowledged, key=ROW)
    waiting_count: int | None = batch(bulletins.waiting)


@query(Connection[Bulletin])
async def bulletins_(
    viewer: Person, page: Page, group_id: UUID | None = None
) -> Rows[bulletins.Bulletin]:
    """What is pinned in a group, or in all the viewer belongs to, the latest first."""
    return await bulletins.listed(to=viewer, page=page, group_id=group_id)


@mutation(payload("PostPinned", Bulletin))
async def pin_post(
    viewer: Person, post_id: UUID, valid_from: date | None = None
) -> bulletins.Bulletin:
    """Pin a post in its group; for moderators and team leads."""
    return await bulletins.pin(post_id, by=viewer, valid_from=valid_from)


@view(bulletins.Bulletin)
class PostUnpinned:
    bulletin_id: UUID = id_of("bulletin")


@mutation(PostUnpinned)
async def unpin_post(viewer: Person, bulletin_id: UUID) -> bulletins.Bulletin:
    """Let a post be one like any other again; for moderators and team leads."""
    return await bulletins.unpin(bulletin_id, by=viewer)


@mutation(payload("BulletinAcknowledged", Bulletin))
async def acknowledge_bulletin(
    viewer: Person, bulletin_id: UUID, version: int
) -> bulletins.Bulletin:
    """Take note of the version that one has read."""
    return await bulletins.acknowledge(bulletin_id, version, by=viewer)
