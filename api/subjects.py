"""What people act on: a post or a comment, by its id."""

from typing import Annotated
from uuid import UUID

import strawberry

from api.comments import Comment
from api.ids import NodeId
from api.posts import Post
from community import risk_matters, subjects
from community.subjects import SubjectKind
from core.errors import NotFound
from core.people import Person
from core.text import Text

Subject = Annotated[Post | Comment, strawberry.union("Subject")]

KINDS = {kind.lower(): kind for kind in SubjectKind}


class SubjectNotFound(NotFound):
    text = Text("This is not here.", "找不到该内容。", "找不到該內容。")


def kind(id: UUID) -> SubjectKind:
    """Of what an id stands for. Raises SubjectNotFound."""
    if isinstance(id, NodeId) and id.tag in KINDS:
        return KINDS[id.tag]
    raise SubjectNotFound


def model(id: UUID) -> type[subjects.Subject]:
    return subjects.MODELS[kind(id)]


async def visible(id: UUID, *, to: Person) -> subjects.Subject:
    """Where one reads, or as a counsellor in an open risk case. Raises NotFound."""
    try:
        row, _ = await subjects.reached(kind(id), id, by=to)
    except NotFound:
        cared_for = await risk_matters.cared_for(id, by=to)
        if cared_for is None:
            raise
        return cared_for
    return row
