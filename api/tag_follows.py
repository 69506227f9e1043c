"""Following tags."""

from datetime import datetime
from uuid import UUID

from api.connections import Connection
from api.roots import mutation, payload, query
from api.tags import Tag
from api.views import Node, batch, view
from community import tag_follows, tags
from core.pages import Connection as Rows
from core.pages import Page
from core.people import Person


@view(tag_follows.TagFollow)
class TagFollow(Node):
    tag: Tag = batch(tags.by_id, key="tag_id")
    followed_at: datetime


@query(Connection[TagFollow])
async def followed_tags(viewer: Person, page: Page) -> Rows[tag_follows.TagFollow]:
    """What the viewer follows, the latest first."""
    return await tag_follows.listed(of=viewer, page=page)


@mutation(payload("TagFollowed", Tag))
async def follow_tag(viewer: Person, tag_id: UUID) -> tags.Tag:
    return await tag_follows.follow(tag_id, by=viewer)


@mutation(payload("TagUnfollowed", Tag))
async def unfollow_tag(viewer: Person, tag_id: UUID) -> tags.Tag:
    return await tag_follows.unfollow(tag_id, by=viewer)
