"""Mutes: threads, and aliases in a thread, of which one wants to hear no more. Nobody learns of it.

Who mutes an alias is stored by handle as well, so that two handles are all that a row compares.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from community import authors
from community.authors import Written
from community.blocks import OwnSelf
from core import clock, pages
from core.database import inserts
from core.database.sql import Statement
from core.errors import Invalid
from core.pages import Connection, Listing, Page
from core.people import Person
from core.text import Text

Row = TypeVar("Row", bound=Written)

MUTED = Listing("muted threads", "muted_at")


class ThreadMute(Model):
    id = fields.UUIDField(primary_key=True)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField("models.Person")
    person_id: UUID
    post_id: UUID = fields.UUIDField()
    muted_at: datetime = fields.DatetimeField()

    class Meta:
        table = "thread_mute"
        unique_together = ("person", "post_id")
        indexes = (("person_id", "muted_at", "id"), ("post_id",))


class AliasMute(Model):
    id = fields.UUIDField(primary_key=True)
    reader = fields.CharField(max_length=64, description="the handle of who mutes")
    handle = fields.CharField(max_length=64, description="who is muted")

    class Meta:
        table = "alias_mute"
        unique_together = ("reader", "handle")


OF_VIEWER = Statement(
    """
    SELECT thread_mute.* FROM thread_mute WHERE person_id = :viewer AND post_id = ANY(:posts)
    """,
    ThreadMute,
)
UNMUTE_THREAD = Statement("DELETE FROM thread_mute WHERE person_id = :person AND post_id = :post")
UNMUTE_ALIAS = Statement("DELETE FROM alias_mute WHERE reader = :reader AND handle = :handle")
THREADS = pages.Each(ThreadMute, "person_id = parent.id", MUTED)


class NoAlias(Invalid):
    text = Text(
        "Only an alias can be muted. A colleague can be blocked.",
        "只能屏蔽匿名昵称。如需屏蔽同事，请使用拉黑功能。",
        "只能將匿名暱稱設為靜音。若不想看到某位同事，請使用封鎖功能。",
    )


async def mute_thread(post: Row, *, by: Person) -> Row:
    """Hear no more of a post and its comments; saying so twice is once."""
    await inserts.added(ThreadMute(person_id=by.id, post_id=post.id, muted_at=clock.now()))
    return post


async def unmute_thread(post: Row, *, by: Person) -> Row:
    await UNMUTE_THREAD.rows(person=by.id, post=post.id)
    return post


async def mute_alias(comment: Row, *, by: Person) -> Row:
    """Be shown no more of what this alias comments. Raises NoAlias, OwnSelf."""
    await inserts.added(_alias_mute(comment, by))
    return comment


async def unmute_alias(comment: Row, *, by: Person) -> Row:
    """Be shown it again. Raises NoAlias, OwnSelf."""
    mute = _alias_mute(comment, by)
    await UNMUTE_ALIAS.rows(reader=mute.reader, handle=mute.handle)
    return comment


def heard(post: str, by: str = ":reader") -> str:
    """In SQL: this person has not muted this post's thread."""
    return f"""NOT EXISTS (SELECT 1 FROM thread_mute
        WHERE thread_mute.person_id = {by} AND thread_mute.post_id = {post})"""


def alias_muted(mark: str, handle: str) -> str:
    """In SQL: the reader with this handle has muted that one."""
    return f"""EXISTS (SELECT 1 FROM alias_mute
        WHERE alias_mute.reader = {mark} AND alias_mute.handle = {handle})"""


async def of_viewer(post_ids: Collection[UUID], *, viewer: Person) -> list[bool]:
    """Whether the viewer has muted each thread."""
    mine = await OF_VIEWER.rows(viewer=viewer.id, posts=[*post_ids])
    muted = {mute.post_id for (mute,) in mine}
    return [id in muted for id in post_ids]


async def who_muted(post_id: UUID) -> set[UUID]:
    return {mute.person_id for mute in await ThreadMute.filter(post_id=post_id)}


async def unmuted(rows: Sequence[Row], *, viewer: Person) -> list[Row]:
    """Without what the viewer's muted aliases wrote."""
    readers = {authors.handle(viewer.id, row.thread) for row in rows if row.handle}
    if not readers:
        return [*rows]
    muted = {mute.handle for mute in await AliasMute.filter(reader__in=readers)}
    return [row for row in rows if row.handle not in muted]


async def threads(person_ids: Sequence[UUID], *, page: Page) -> list[Connection[ThreadMute]]:
    """What each has muted, the latest first."""
    return await THREADS.read(person_ids, page)


def _alias_mute(comment: Written, by: Person) -> AliasMute:
    if comment.handle is None:
        raise NoAlias
    if authors.wrote(by, comment):
        raise OwnSelf
    return AliasMute(reader=authors.handle(by.id, comment.thread), handle=comment.handle)
