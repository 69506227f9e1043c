"""Bulletins: what is new, pinned in a group, and who has taken note of which version.

An edit is a new version, so that nobody has agreed to words that they did not read.
"""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from community import groups, memberships, posts
from community.groups import Group
from community.posts import Post
from core import clock, events, pages
from core.database import inserts
from core.database.sql import Statement
from core.errors import Conflict, Forbidden, NotFound
from core.pages import Connection, Listing, Page
from core.people import Person
from core.text import Text
from core.transactions import transaction

PINNED = Listing("bulletins", "pinned_at")


class Bulletin(Model):
    id = fields.UUIDField(primary_key=True)
    post: fields.OneToOneRelation[Post] = fields.OneToOneField("models.Post")
    post_id: UUID
    group: fields.ForeignKeyRelation[Group] = fields.ForeignKeyField("models.Group")
    group_id: UUID
    pinned_by_id: UUID = fields.UUIDField(db_index=True)
    pinned_at: datetime = fields.DatetimeField()
    valid_from: date = fields.DateField()

    class Meta:
        table = "bulletin"
        indexes = (("group_id", "pinned_at", "id"),)


class Acknowledgement(Model):
    id = fields.UUIDField(primary_key=True)
    bulletin_id: UUID = fields.UUIDField()
    person_id: UUID = fields.UUIDField()
    version = fields.IntField()

    class Meta:
        table = "acknowledgement"
        unique_together = ("bulletin_id", "person_id", "version")


SHOWN = """
    SELECT bulletin.* FROM bulletin JOIN post ON post.id = bulletin.post_id
    WHERE post.deleted_at IS NULL AND post.hidden_at IS NULL AND bulletin.group_id
"""
IN_GROUP = pages.Listed(f"{SHOWN} = :group", Bulletin, PINNED)
IN_GROUPS = pages.Listed(
    f"{SHOWN} IN (SELECT membership.group_id FROM {memberships.READABLE})", Bulletin, PINNED
)
WAITING = Statement(
    """
    SELECT bulletin.*, COUNT(membership.id) FROM bulletin
    LEFT JOIN membership ON membership.group_id = bulletin.group_id
    AND membership.standing = 'MEMBER' AND membership.person_id <> bulletin.pinned_by_id
    AND NOT EXISTS (
        SELECT 1 FROM acknowledgement
        WHERE acknowledgement.bulletin_id = bulletin.id
        AND acknowledgement.person_id = membership.person_id
        AND acknowledgement.version = (
            SELECT COUNT(*) + 1 FROM revision WHERE revision.subject_id = bulletin.post_id
        )
    )
    WHERE bulletin.id = ANY(:ids) GROUP BY bulletin.id
    """,
    Bulletin,
)


EDITS = Statement(
    "SELECT subject_id, COUNT(*) FROM revision WHERE subject_id = ANY(:posts) GROUP BY subject_id"
)
READ = Statement(
    """
    SELECT acknowledgement.* FROM acknowledgement
    WHERE bulletin_id = ANY(:bulletins) AND person_id = :person
    """,
    Acknowledgement,
)


class BulletinNotFound(NotFound):
    text = Text("This is not pinned any more.", "这条公告已取消置顶。", "這則公告已取消置頂。")


class NothingPinnedHere(Forbidden):
    text = Text(
        "In a support group nothing is pinned: who has read it is nobody's concern.",
        "减压互助群组里不置顶公告，谁读过也不作统计。",
        "減壓互助群組裡不置頂公告，誰讀過也不作統計。",
    )


class AnotherVersion(Conflict):
    text = Text(
        "This has been changed meanwhile. Please read it again.",
        "内容刚刚有更新，请重新阅读后确认。",
        "內容剛剛有更新，請重新閱讀後確認。",
    )


@transaction
async def pin(post_id: UUID, *, by: Person, valid_from: date | None = None) -> Bulletin:
    """Pin a post in its group; pinning it twice changes nothing."""
    post, group = await posts.reached(post_id, by=by)
    if group.sheltered:
        raise NothingPinnedHere
    bulletin = Bulletin(
        post_id=post.id,
        group_id=group.id,
        pinned_by_id=by.id,
        pinned_at=clock.now(),
        valid_from=valid_from or clock.business_date(),
    )
    if await inserts.added(bulletin):
        await events.record("bulletin.pinned", actor=by.id, post=post.id, group=group.id)
    return await Bulletin.get(post_id=post.id)


@transaction
async def unpin(bulletin_id: UUID, *, by: Person) -> Bulletin:
    """Let a post be one like any other again."""
    bulletin = await visible(bulletin_id, to=by)
    await Bulletin.filter(id=bulletin.id).delete()
    await Acknowledgement.filter(bulletin_id=bulletin.id).delete()
    return bulletin


@transaction
async def acknowledge(bulletin_id: UUID, version: int, *, by: Person) -> Bulletin:
    """Take note of the version that one has read; twice is once."""
    bulletin = await visible(bulletin_id, to=by)
    if await versions([bulletin.post_id]) != [version]:
        raise AnotherVersion
    read = Acknowledgement(bulletin_id=bulletin.id, person_id=by.id, version=version)
    await inserts.added(read)
    return bulletin


async def visible(bulletin_id: UUID, *, to: Person) -> Bulletin:
    """The one way to reach a bulletin on a person's behalf."""
    bulletin = await Bulletin.get_or_none(id=bulletin_id)
    if bulletin is None:
        raise BulletinNotFound
    await posts.visible(bulletin.post_id, to=to)
    return bulletin


async def listed(*, to: Person, page: Page, group_id: UUID | None = None) -> Connection[Bulletin]:
    """What is pinned in a group, or in all one belongs to, the latest first."""
    if not group_id:
        return await IN_GROUPS.read(page, **groups.reader(to))
    await memberships.as_member(group_id, to)
    return await IN_GROUP.read(page, group=group_id)


async def versions(post_ids: Sequence[UUID]) -> list[int]:
    """Which version of its words each post shows: the first, and one more with each edit."""
    edits = await EDITS.rows(posts=set(post_ids))
    found = {UUID(str(id)): count for id, count in edits}  # SQLite keeps ids as text
    return [found.get(id, 0) + 1 for id in post_ids]


async def acknowledged(rows: Sequence[Bulletin], *, viewer: Person) -> list[bool]:
    """Whether the viewer has taken note of each as it is now."""
    current = await versions([row.post_id for row in rows])
    mine = await READ.rows(bulletins=[row.id for row in rows], person=viewer.id)
    read = {(one.bulletin_id, one.version) for (one,) in mine}
    return [(row.id, version) in read for row, version in zip(rows, current, strict=True)]


async def waiting(bulletin_ids: Sequence[UUID]) -> list[int]:
    """How many members have not taken note of each as it is now."""
    found = {row.id: count for row, count in await WAITING.rows(ids=set(bulletin_ids))}
    return [found[id] for id in bulletin_ids]
