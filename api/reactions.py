"""Reactions to posts and comments."""

from typing import Annotated
from uuid import UUID

import strawberry

from api.comments import Comment
from api.ids import NodeId
from api.posts import Post
from api.roots import mutation
from api.views import itself, view
from community import comments, posts, reactions
from community.reactions import ReactionKind
from core.errors import NotFound
from core.people import Person
from core.text import Text

Subject = Annotated[Post | Comment, strawberry.union("Subject")]

SUBJECTS: dict[str, type[reactions.Subject]] = {"post": posts.Post, "comment": comments.Comment}


class SubjectNotFound(NotFound):
    text = Text("This is not here.", "找不到该内容。", "找不到該內容。")


@view(posts.Post, comments.Comment)
class Reacted:
    subject: Subject = itself()


@view(posts.Post, comments.Comment)
class ReactionRemoved:
    subject: Subject = itself()


@mutation(Reacted)
async def react(viewer: Person, subject_id: UUID, kind: ReactionKind) -> reactions.Subject:
    """React to what somebody else wrote; the same reaction twice is one."""
    return await reactions.react(_model(subject_id), subject_id, kind, by=viewer)


@mutation(ReactionRemoved)
async def remove_reaction(
    viewer: Person, subject_id: UUID, kind: ReactionKind
) -> reactions.Subject:
    """Take a reaction back."""
    return await reactions.take_back(_model(subject_id), subject_id, kind, by=viewer)


def _model(id: UUID) -> type[reactions.Subject]:
    if isinstance(id, NodeId) and id.tag in SUBJECTS:
        return SUBJECTS[id.tag]
    raise SubjectNotFound
