"""Risk matters: the post or comment that a case is about."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from community import risk_cases
from community.comments import Comment
from community.counsellors import counsels
from community.groups import Group
from community.posts import Post
from community.risk_cases import RiskCase
from community.risk_words import Level
from community.subjects import Subject
from core.database import sql
from core.people import Person


class Matter(NamedTuple):
    """What stands where."""

    row: Subject
    group: Group


async def of(case: RiskCase) -> Matter | None:
    """What a case is about, unless it is a person, or was deleted or never sent."""
    [comment], [post] = await comments([case.comment_id]), await posts([case.post_id])
    row = comment if case.comment_id else post
    if row is None or post is None or row.deleted_at or post.deleted_at:
        return None
    return Matter(row, await Group.get(id=post.group_id))


async def cared_for(subject_id: UUID, *, by: Person) -> Subject | None:
    """A post or comment that a counsellor may reach, because there is an open case about it."""
    case = await RiskCase.get_or_none(open_for=subject_id)
    if case is None or not counsels(by) or not await risk_cases.impartial(case, [by]):
        return None
    matter = await of(case)
    return matter.row if matter else None


async def is_red(subject_id: UUID, *, held_by: Person) -> bool:
    """Whether this counsellor takes care of an open red case about it."""
    held = RiskCase.filter(open_for=subject_id, level=Level.RED, holder_id=held_by.id)
    return await held.exists()


async def posts(post_ids: Sequence[UUID | None]) -> list[Post | None]:
    found = await sql.in_bulk(Post, [id for id in post_ids if id])
    return [found.get(id) if id else None for id in post_ids]


async def comments(comment_ids: Sequence[UUID | None]) -> list[Comment | None]:
    found = await sql.in_bulk(Comment, [id for id in comment_ids if id])
    return [found.get(id) if id else None for id in comment_ids]
