"""Comments: what colleagues answer."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from community import (
    alarms,
    authors,
    blocks,
    buckets,
    groups,
    memberships,
    mutes,
    posts,
    revisions,
    suspensions,
)
from community.authors import Thread
from community.groups import Group
from community.posts import NotAuthor, Post
from core import clock, events, idempotency, quotas
from core.database import inserts, sql
from core.database.sql import Statement
from core.errors import NotFound
from core.events import Event
from core.people import Person
from core.search import words
from core.search.words import Words
from core.text import Text
from core.transactions import transaction
from core.writing import written

TEXT = 2000  # characters


class Comment(Model):
    id = fields.UUIDField(primary_key=True)
    post: fields.ForeignKeyRelation[Post] = fields.ForeignKeyField("models.Post")
    post_id: UUID
    author_id: UUID | None = fields.UUIDField(null=True)
    author: Person | None = None
    handle = fields.CharField(max_length=64, null=True)
    alias = fields.CharField(max_length=40, null=True)
    key_version: int | None = fields.SmallIntField(
        null=True, description="of the thread's handles, where there are any"
    )
    text = fields.TextField()
    is_edited = fields.BooleanField(default=False)
    accepted_at: datetime | None = fields.DatetimeField(null=True, description="by the asker")
    is_counted = fields.BooleanField(default=False, description="in the post's comment_count")
    published_at: datetime = fields.DatetimeField(description="shown to others from then on")
    deleted_at: datetime | None = fields.DatetimeField(null=True, db_index=True)
    hidden_at: datetime | None = fields.DatetimeField(
        null=True, description="its author alone sees it since then"
    )
    hidden_for = fields.SmallIntField(default=0, description="the sum of its hiding reasons")
    like_count = fields.IntField(default=0)
    hug_count = fields.IntField(default=0)
    same_here_count = fields.IntField(default=0)
    me_too_count = fields.IntField(default=0)

    class Meta:
        table = "comment"
        indexes = (("post_id", "published_at", "id"), ("author_id", "published_at", "id"))

    @property
    def is_accepted(self) -> bool:
        return self.accepted_at is not None and self.accepted_at <= clock.now()

    @property
    def is_hidden(self) -> bool:
        return self.hidden_at is not None

    @property
    def thread(self) -> Thread:
        return Thread(self.post_id, self.key_version)


class CommentWords(Words):
    class Meta:
        table = "comment_words"
        indexes = words.INDEXES


REACHED = Statement(
    f"""
    SELECT comment.*, post.*, community_group.*
    FROM {memberships.READABLE} JOIN post ON post.group_id = membership.group_id
    JOIN comment ON comment.post_id = post.id
    WHERE comment.id = ANY(:ids) AND comment.deleted_at IS NULL AND post.deleted_at IS NULL
    AND {blocks.unblocked("comment.author_id")} AND {blocks.unblocked("post.author_id")}
    """,
    Comment,
    Post,
    Group,
)
DELETE = Statement(
    "UPDATE comment SET deleted_at = :at WHERE id = :id AND deleted_at IS NULL RETURNING id"
)
COUNT_OUT = Statement(
    "UPDATE comment SET is_counted = FALSE WHERE id = :id AND is_counted RETURNING id"
)
COUNT_IN = Statement(
    """
    UPDATE comment SET is_counted = TRUE WHERE id = :id AND NOT is_counted
    AND deleted_at IS NULL AND hidden_at IS NULL RETURNING post_id
    """
)
COUNT = Statement("UPDATE post SET comment_count = comment_count + :by WHERE id = :post")
ONE_POST = "SELECT 1 FROM post WHERE id = :post"
LOCK = Statement(f"{ONE_POST} FOR NO KEY UPDATE", sqlite=ONE_POST)
#: Only whoever holds the post sees all that was accepted.
SETTLE = Statement(
    """
    UPDATE post SET answered_at = (
        SELECT MIN(accepted_at) FROM comment
        WHERE post_id = post.id AND deleted_at IS NULL AND hidden_at IS NULL
    ) WHERE id = :post
    """
)


class CommentNotFound(NotFound):
    text = Text("This comment is not here.", "找不到这条评论。", "找不到這則留言。")


@transaction
async def add(
    post_id: UUID, text: str, *, by: Person, key: str, anonymous: bool = False
) -> Comment:
    """Answer a post that one can read."""
    post, group = await posts.reached(post_id, by=by)
    await suspensions.check(by, group)
    text, id = written(text, most=TEXT), uuid4()
    asked = ["comment", post_id, text, anonymous]
    if (first := await idempotency.claim(key, by=by.id, asked=asked, result=id)) != id:
        return await Comment.get(id=first)
    await quotas.spend("comments", by=by)
    hidden = await posts.anonymity(group, wanted=anonymous)
    byline = await authors.sign(by, post.thread, anonymous=hidden)
    comment = Comment(
        id=id,
        post_id=post.id,
        **byline._asdict(),
        key_version=post.key_version,
        text=text,
        is_counted=not group.sheltered,
        published_at=buckets.shown_at(group),
    )
    await inserts.add([comment])
    await words.put(CommentWords, {comment.id: text})
    if comment.is_counted:
        await _change_count(post.id, +1)
    await _record("comment.created", comment, group)
    await alarms.heed(comment, group)
    return authors.signed(comment, by if comment.author_id else None)


@transaction
async def edit(comment_id: UUID, text: str, *, by: Person) -> Comment:
    """Change the words; what stood there before is kept for moderators."""
    comment, group = await _own(comment_id, by)
    if await revisions.replace(comment, written(text, most=TEXT), at=buckets.shown_at(group)):
        await words.put(CommentWords, {comment.id: comment.text})
        await _record("comment.edited", comment, group)
        if await alarms.heed(comment, group):
            await count_out(comment)
            await _record("comment.hidden", comment, group)
    return comment


@transaction
async def delete(comment_id: UUID, *, by: Person) -> Comment:
    """Take a comment away from everybody's eyes."""
    comment, group = await _own(comment_id, by)
    if await DELETE.rows(id=comment.id, at=buckets.shown_at(group)):
        await words.drop(CommentWords, comment.id)
        await count_out(comment)
        await _record("comment.deleted", comment, group)
    return comment


async def settle(post_id: UUID) -> None:
    """Since when a question is answered, after an acceptance came or went."""
    await LOCK.rows(post=post_id)
    await SETTLE.rows(post=post_id)


async def visible(comment_id: UUID, *, to: Person) -> Comment:
    """The one way to reach a comment on a person's behalf."""
    comment, _, _ = await reached(comment_id, by=to)
    return comment


async def reached(comment_id: UUID, *, by: Person) -> tuple[Comment, Post, Group]:
    """The same, with the post it answers and the group where they stand."""
    for comment, post, group in await REACHED.rows(ids=[comment_id], **groups.reader(by)):
        if _appears(comment, by) and posts.appears(post, by):
            return comment, post, group
    raise CommentNotFound


async def by_id(comment_ids: Sequence[UUID]) -> list[Comment]:
    found = await sql.in_bulk(Comment, comment_ids)
    return [found[id] for id in comment_ids]


async def seen(comment_ids: Sequence[UUID | None], *, viewer: Person) -> list[Comment | None]:
    """Each comment, as far as the viewer may see it and its post now."""
    ids = {id for id in comment_ids if id}
    found = await REACHED.rows(ids=ids, **groups.reader(viewer)) if ids else []
    appearing = [
        comment
        for comment, post, _ in found
        if _appears(comment, viewer) and posts.appears(post, viewer)
    ]
    shown = {comment.id: comment for comment in await mutes.unmuted(appearing, viewer=viewer)}
    return [shown.get(id) if id else None for id in comment_ids]


async def count(event: Event) -> None:
    """Subscriber: a comment counts when it appears, so that the count tells no earlier time."""
    await _count(UUID(event.payload["comment"]))


async def count_out(comment: Comment) -> None:
    """It is not shown any more."""
    if await COUNT_OUT.rows(id=comment.id):
        await _change_count(comment.post_id, -1)
    await settle(comment.post_id)


async def count_in(comment: Comment) -> None:
    """It is shown again."""
    if comment.published_at <= clock.now():
        await _count(comment.id)
    await settle(comment.post_id)


@transaction
async def _count(comment_id: UUID) -> None:
    for (post_id,) in await COUNT_IN.rows(id=comment_id):
        await _change_count(post_id, +1)


async def _change_count(post_id: UUID, by: int) -> None:
    await COUNT.rows(post=post_id, by=by)


async def _own(comment_id: UUID, by: Person) -> tuple[Comment, Group]:
    comment, _, group = await reached(comment_id, by=by)
    if not authors.wrote(by, comment):
        raise NotAuthor
    return comment, group


def _appears(comment: Comment, to: Person) -> bool:
    shown = comment.published_at <= clock.now() and comment.hidden_at is None
    return shown or authors.wrote(to, comment)


async def _record(name: str, comment: Comment, group: Group) -> None:
    await events.record(
        name,
        actor=comment.author_id,
        handle=comment.handle,
        due_at=buckets.shown_at(group),
        comment=comment.id,
        post=comment.post_id,
        group=group.id,
        group_kind=group.kind,
    )
