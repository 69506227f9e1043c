"""The feed."""

from uuid import UUID

from api.connections import Connection
from api.posts import Post
from api.roots import query
from community import feed, posts
from core.ahead import Ahead
from core.pages import Connection as Rows
from core.pages import Page
from core.people import Person


@query(Connection[Post])
async def feed_(
    viewer: Person, page: Page, ahead: Ahead, group_id: UUID | None = None
) -> Rows[posts.Post]:
    """The posts of one group, or of all the viewer belongs to, newest first."""
    return await feed.read(to=viewer, page=page, group_id=group_id, ahead=ahead)
