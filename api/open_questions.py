"""Questions that wait for an answer."""

from uuid import UUID

from api.connections import Connection
from api.posts import Post
from api.roots import query
from community import open_questions, posts
from core.pages import Connection as Rows
from core.pages import Page
from core.people import Person


@query(Connection[Post])
async def unanswered_questions(
    viewer: Person, page: Page, tag_id: UUID | None = None
) -> Rows[posts.Post]:
    """Questions without an accepted answer in the viewer's knowledge groups, newest first."""
    return await open_questions.listed(to=viewer, page=page, tag_id=tag_id)
