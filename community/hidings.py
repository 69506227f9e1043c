"""Hiding: what is hidden its author alone sees, until no reason stands or it goes for good."""

from community import buckets, comments, hiding_reasons, subjects
from community.comments import Comment, CommentWords
from community.groups import Group
from community.hiding_reasons import HidingReason
from community.posts import PostWords
from community.subjects import Subject
from core import events
from core.search import words


async def hide(row: Subject, group: Group, reason: HidingReason) -> bool:
    """Whether it was not hidden before."""
    if not await hiding_reasons.put(row, reason):
        return False
    if isinstance(row, Comment):
        await comments.count_out(row)
    await _record("hidden", row, group)
    return True


async def lift(row: Subject, group: Group, reason: HidingReason) -> None:
    """It is shown again once this was the last reason."""
    if await hiding_reasons.lift(row, reason):
        if isinstance(row, Comment):
            await comments.count_in(row)
        await _record("restored", row, group)


async def take_away(row: Subject, group: Group) -> None:
    """For good, from its author's eyes as well."""
    standing = type(row).filter(id=row.id, deleted_at__isnull=True)
    if await standing.update(deleted_at=buckets.shown_at(group)):
        await words.drop(CommentWords if isinstance(row, Comment) else PostWords, row.id)
        if isinstance(row, Comment):
            await comments.count_out(row)
        await _record("deleted", row, group)


async def _record(what: str, row: Subject, group: Group) -> None:
    kind = subjects.kind(row)
    await events.record(
        f"{kind.lower()}.{what}",
        comment=row.id if isinstance(row, Comment) else None,
        post=subjects.post_id(row),
        group=group.id,
        group_kind=group.kind,
    )
