"""Tags, their synonyms and what is close to them."""

from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import strawberry

from api.connections import Connection
from api.roots import mutation, payload, query
from api.views import Node, batch, view
from community import experts, posts, synonyms, tag_follows, tag_net, tags, topics
from core.pages import Connection as Rows
from core.pages import Page
from core.people import Person

if TYPE_CHECKING:
    from api.experts import Expert
    from api.posts import Post
    from api.tags import Tag as Related
else:
    Expert = Annotated["Expert", strawberry.lazy("api.experts")]
    Post = Annotated["Post", strawberry.lazy("api.posts")]
    Related = Annotated["Tag", strawberry.lazy("api.tags")]


@view(tags.Tag)
class Tag(Node):
    name: str
    synonyms: list[str] = batch(synonyms.of)
    related: list[Related] = batch(tag_net.related)
    experts: list[Expert] = batch(experts.in_tags)
    viewer_follows: bool = batch(tag_follows.of_viewer)


@query(Tag | None)
async def tag(viewer: Person, name: str) -> tags.Tag:
    """A tag by any of its names."""
    return await topics.named(name, to=viewer)


@query(Connection[Post])
async def tag_feed(viewer: Person, page: Page, tag_id: UUID) -> Rows[posts.Post]:
    """The posts with a tag in all groups the viewer belongs to, newest first."""
    return await topics.feed(tag_id, to=viewer, page=page)


@mutation(payload("SynonymAdded", Tag))
async def add_synonym(viewer: Person, tag_id: UUID, name: str) -> tags.Tag:
    """Let a name stand for a tag, on what was written before as well; for moderators."""
    return await synonyms.add(tag_id, name, by=viewer)


@mutation(payload("SynonymRemoved", Tag))
async def remove_synonym(viewer: Person, tag_id: UUID, name: str) -> tags.Tag:
    """Let a name be a tag of its own again; for moderators."""
    return await synonyms.remove(tag_id, name, by=viewer)
