"""Reactions: warmth in one tap. They count and pay nothing."""

from collections import defaultdict
from collections.abc import Sequence
from enum import StrEnum
from functools import cache
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from community import authors, buckets, comments, posts, taps
from community.comments import Comment
from community.groups import Group
from community.posts import Post
from core import events
from core.ahead import Ahead
from core.database import db, inserts
from core.database.sql import Statement
from core.errors import Forbidden
from core.people import Person
from core.text import Text
from core.transactions import transaction


class ReactionKind(StrEnum):
    LIKE = "LIKE"
    HUG = "HUG"
    SAME_HERE = "SAME_HERE"


Subject = Post | Comment


class Reaction(Model):
    id = fields.UUIDField(primary_key=True)
    subject_id: UUID = fields.UUIDField(description="a post or a comment")
    actor = fields.CharField(max_length=64, description="person, or a handle where nobody is told")
    kind = fields.CharEnumField(ReactionKind, max_length=20)

    class Meta:
        table = "reaction"
        unique_together = ("subject_id", "actor", "kind")


OF = Statement(
    """
    SELECT reaction.* FROM reaction
    WHERE subject_id = ANY(:subjects) AND actor = ANY(:actors) ORDER BY kind
    """,
    Reaction,
)


TAKE_BACK = Statement(
    """
    DELETE FROM reaction WHERE subject_id = :subject AND actor = :actor AND kind = :kind
    RETURNING id
    """
)


class OwnWords(Forbidden):
    text = Text(
        "This is for the words of others.",
        "这个只能用在别人的发言上。",
        "這個只能用在別人的發言上。",
    )


async def react(
    subject: type[Subject], id: UUID, kind: ReactionKind, *, by: Person, ahead: Ahead | None = None
) -> Subject:
    """React to what somebody else wrote; the same reaction twice is one."""
    if subject is Post and db.is_postgres() and (tapped := await taps.tap(id, kind, by=by)):
        if ahead:
            ahead.bring(of_viewer, {id: told(tapped.own)})
        return tapped.post
    return await _react(subject, id, kind, by=by)


@transaction
async def _react(subject: type[Subject], id: UUID, kind: ReactionKind, *, by: Person) -> Subject:
    row, post, group = await _reached(subject, id, by)
    reaction = Reaction(subject_id=id, actor=authors.actor(by.id, post.thread), kind=kind)
    if await inserts.added(reaction):
        await _count(row, kind, +1)
        await _record("reaction.added", reaction, post, group)
    return row


@transaction
async def take_back(subject: type[Subject], id: UUID, kind: ReactionKind, *, by: Person) -> Subject:
    """Take a reaction back; one that is not there changes nothing."""
    row, post, group = await _reached(subject, id, by)
    reaction = Reaction(subject_id=id, actor=authors.actor(by.id, post.thread), kind=kind)
    if await TAKE_BACK.rows(subject=id, actor=reaction.actor, kind=kind):
        await _count(row, kind, -1)
        await _record("reaction.removed", reaction, post, group)
    return row


async def of_viewer(rows: Sequence[Subject], *, viewer: Person) -> list[list[ReactionKind]]:
    """The viewer's own reactions to each post or comment."""
    actors = {authors.actor(viewer.id, row.thread) for row in rows}
    found: defaultdict[UUID, list[ReactionKind]] = defaultdict(list)
    for (reaction,) in await OF.rows(subjects=[row.id for row in rows], actors=actors):
        found[reaction.subject_id].append(reaction.kind)
    return [found[row.id] for row in rows]


def told(kinds: str | None) -> list[ReactionKind]:
    """Those that `taps.OWN` has found."""
    return [ReactionKind(kind) for kind in kinds.split()] if kinds else []


async def _reached(subject: type[Subject], id: UUID, by: Person) -> tuple[Subject, Post, Group]:
    row: Subject
    if subject is Comment:
        row, post, group = await comments.reached(id, by=by)
    else:
        post, group = await posts.reached(id, by=by)
        row = post
    if authors.wrote(by, row):
        raise OwnWords
    return row, post, group


async def _count(row: Subject, kind: ReactionKind, by: int) -> None:
    """Change the stored number; the row then tells the one that stands."""
    column = f"{kind.lower()}_count"
    table = "post" if isinstance(row, Post) else "comment"
    [(now,)] = await _counting(table, column).rows(id=row.id, by=by)
    setattr(row, column, now)


@cache
def _counting(table: str, column: str) -> Statement:
    return Statement(
        f"UPDATE {table} SET {column} = {column} + :by WHERE id = :id RETURNING {column}"
    )


async def _record(name: str, reaction: Reaction, post: Post, group: Group) -> None:
    await events.record(
        name,
        actor=None if group.sheltered else UUID(reaction.actor),
        due_at=buckets.shown_at(group),
        kind=reaction.kind,
        subject=reaction.subject_id,
        post=post.id,
        group=group.id,
        group_kind=group.kind,
    )
