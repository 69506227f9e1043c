"""What people act on: a post or a comment, by its id."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from api.ids import NodeId
from api.reactions import SubjectNotFound
from community import comments, posts
from community.carelines import Subject
from core.people import Person

REACHED: dict[str, Callable[..., Awaitable[Subject]]] = {
    "comment": comments.visible,
    "post": posts.visible,
}


async def visible(id: UUID, *, to: Person) -> Subject:
    """Raises SubjectNotFound, PostNotFound, CommentNotFound."""
    if isinstance(id, NodeId) and id.tag in REACHED:
        return await REACHED[id.tag](id, to=to)
    raise SubjectNotFound
