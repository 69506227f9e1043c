"""Subjects: what can be reported, a post or a comment."""

from collections.abc import Sequence
from enum import StrEnum
from uuid import UUID

from community import comments, posts
from community.comments import Comment
from community.groups import Group
from community.posts import Post
from core.people import Person

Subject = Post | Comment


class SubjectKind(StrEnum):
    POST = "POST"
    COMMENT = "COMMENT"


MODELS: dict[SubjectKind, type[Subject]] = {SubjectKind.POST: Post, SubjectKind.COMMENT: Comment}


def kind(row: Subject) -> SubjectKind:
    return SubjectKind.POST if isinstance(row, Post) else SubjectKind.COMMENT


def post_id(row: Subject) -> UUID:
    return row.id if isinstance(row, Post) else row.post_id


async def reached(kind: SubjectKind, id: UUID, *, by: Person) -> tuple[Subject, Group]:
    """The one way to reach either on a person's behalf, with the group it stands in."""
    if kind is SubjectKind.POST:
        return await posts.reached(id, by=by)
    comment, _, group = await comments.reached(id, by=by)
    return comment, group


async def answered(rows: Sequence[Subject]) -> list[str | None]:
    """The text of the post that each comment answers; None of a post."""
    ids = [row.post_id for row in rows if isinstance(row, Comment)]
    found = {post.id: post.text for post in await posts.by_id(ids)} if ids else {}
    return [None if isinstance(row, Post) else found[row.post_id] for row in rows]
