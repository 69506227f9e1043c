"""Posts: what members tell a group, or ask it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.migrations.constraints import UniqueConstraint
from tortoise.models import Model

from community import (
    alarms,
    authors,
    blocks,
    buckets,
    groups,
    memberships,
    photos,
    revisions,
    suspensions,
    tags,
)
from community.authors import Thread
from community.groups import Group
from core import clock, events, idempotency, pages, quotas
from core.database import inserts, sql
from core.database.sql import Statement
from core.errors import Forbidden, Invalid, NotFound
from core.pages import Connection, Listing, Page
from core.people import Person
from core.search import words
from core.search.words import Words
from core.text import Text
from core.transactions import transaction
from core.writing import written

TEXT = 5000  # characters
ENOUGH = 10  # active members, for one among them to stay anonymous

FEED = Listing("feed", "published_at")


class Post(Model):
    id = fields.UUIDField(primary_key=True)
    group: fields.ForeignKeyRelation[Group] = fields.ForeignKeyField("models.Group")
    group_id: UUID
    author_id: UUID | None = fields.UUIDField(null=True)
    author: Person | None = None
    handle = fields.CharField(max_length=64, null=True)
    alias = fields.CharField(max_length=40, null=True)
    key_version: int | None = fields.SmallIntField(
        null=True, description="of the handles in this thread, where there are any"
    )
    text = fields.TextField()
    is_question = fields.BooleanField(default=False)
    is_edited = fields.BooleanField(default=False)
    answered_at: datetime | None = fields.DatetimeField(
        null=True, description="the asker accepted an answer"
    )
    published_at: datetime = fields.DatetimeField(description="shown to others from then on")
    deleted_at: datetime | None = fields.DatetimeField(null=True, db_index=True)
    hidden_at: datetime | None = fields.DatetimeField(
        null=True, description="its author alone sees it since then"
    )
    hidden_for = fields.SmallIntField(default=0, description="the sum of its hiding reasons")
    comment_count = fields.IntField(default=0)
    like_count = fields.IntField(default=0)
    hug_count = fields.IntField(default=0)
    same_here_count = fields.IntField(default=0)

    class Meta:
        table = "post"
        indexes = (
            ("published_at", "id"),
            ("group_id", "published_at", "id"),
            ("author_id", "published_at", "id"),
        )
        constraints = (
            UniqueConstraint(  # for finding them: there is no index on a part of a table
                ("published_at", "id"), "open_question", "is_question AND answered_at IS NULL"
            ),
        )

    @property
    def is_answered(self) -> bool:
        return self.answered_at is not None and self.answered_at <= clock.now()

    @property
    def is_hidden(self) -> bool:
        return self.hidden_at is not None

    @property
    def thread(self) -> Thread:
        return Thread(self.id, self.key_version)


class PostWords(Words):
    class Meta:
        table = "post_words"
        indexes = words.INDEXES


STANDS = f"post.deleted_at IS NULL AND {blocks.unblocked('post.author_id')}"
#: In SQL: what stands in a group that the reader may read.
STANDING = f"""
    FROM {memberships.READABLE} JOIN post ON post.group_id = membership.group_id
    {authors.NAMED.format("post")} WHERE {STANDS}
"""
REACHED = Statement(
    f"SELECT post.*, community_group.*, person.* {STANDING} AND post.id = ANY(:ids)",
    *(Post, Group, Person),
)
DELETE = Statement(
    "UPDATE post SET deleted_at = :at WHERE id = :id AND deleted_at IS NULL RETURNING id"
)
BY_PERSON = pages.Each(
    Post,
    f"""author_id = parent.id AND deleted_at IS NULL AND hidden_at IS NULL
    AND published_at <= :now AND {blocks.unblocked("author_id")}
    AND group_id IN (SELECT membership.group_id FROM {memberships.READABLE})""",
    FEED,
)


@dataclass(frozen=True, slots=True)
class Draft:
    """A post as it is sent: photos are finished uploads of the author."""

    text: str
    is_question: bool = False
    anonymous: bool = False
    tags: Sequence[str] = field(default=())
    photos: Sequence[UUID] = field(default=())


class PostNotFound(NotFound):
    text = Text("This post is not here.", "找不到这个帖子。", "找不到這則貼文。")


class NotAuthor(Forbidden):
    text = Text(
        "Only its author may do this.", "只有作者本人可以这样做。", "只有作者本人可以這樣做。"
    )


class AnonymousNotHere(Invalid):
    text = Text(
        "One can write anonymously only in support groups.",
        "只有在减压互助群组里才能匿名发言。",
        "只有在減壓互助群組裡才能匿名發言。",
    )


class TooFewToHide(Forbidden):
    text = Text(
        "Too few people read here for anyone to stay anonymous. You can write with your name.",
        "这里的活跃成员太少，匿名起不到保护作用。您可以署名发言。",
        "這裡的活躍成員太少，匿名起不到保護作用。您可以署名發言。",
    )


@transaction
async def create(group_id: UUID, draft: Draft, *, by: Person, key: str) -> Post:
    """Post in a group one belongs to."""
    group, _ = await memberships.as_member(group_id, by)
    await suspensions.check(by, group)
    text = written(draft.text, most=TEXT)
    thread = authors.thread(uuid4(), sheltered=group.sheltered)
    asked = [group_id, draft]
    if (
        first := await idempotency.claim(key, by=by.id, asked=asked, result=thread.id)
    ) != thread.id:
        return await Post.get(id=first)
    await quotas.spend("posts", by=by)
    byline = await authors.sign(
        by, thread, anonymous=await anonymity(group, wanted=draft.anonymous)
    )
    post = Post(
        id=thread.id,
        group_id=group.id,
        **byline._asdict(),
        key_version=thread.key_version,
        text=text,
        is_question=draft.is_question,
        published_at=buckets.shown_at(group),
    )
    await inserts.add([post])
    await words.put(PostWords, {post.id: text})
    await tags.put(post.id, draft.tags)
    await photos.attach(post.id, draft.photos, by=by)
    await _record("post.created", post, group)
    await alarms.heed(post, group)
    return authors.signed(post, by if post.author_id else None)


@transaction
async def edit(post_id: UUID, text: str, *, by: Person) -> Post:
    """Change the words; what stood there before is kept for moderators."""
    post, group = await own(post_id, by)
    if await revisions.replace(post, written(text, most=TEXT), at=buckets.shown_at(group)):
        await words.put(PostWords, {post.id: post.text})
        await _record("post.edited", post, group)
        if await alarms.heed(post, group):
            await _record("post.hidden", post, group)
    return post


@transaction
async def delete(post_id: UUID, *, by: Person) -> Post:
    """Take a post away from everybody's eyes."""
    post, group = await own(post_id, by)
    if await DELETE.rows(id=post.id, at=buckets.shown_at(group)):
        await words.drop(PostWords, post.id)
        await _record("post.deleted", post, group)
    return post


async def visible(post_id: UUID, *, to: Person) -> Post:
    """The one way to reach a post on a person's behalf."""
    post, _ = await reached(post_id, by=to)
    return post


async def reached(post_id: UUID, *, by: Person) -> tuple[Post, Group]:
    """The same, with the group it stands in."""
    for post, group, author in await REACHED.rows(ids=[post_id], **groups.reader(by)):
        if appears(post, by):
            return authors.signed(post, author), group
    raise PostNotFound


async def own(post_id: UUID, by: Person) -> tuple[Post, Group]:
    post, group = await reached(post_id, by=by)
    if not authors.wrote(by, post):
        raise NotAuthor
    return post, group


async def anonymity(group: Group, *, wanted: bool) -> bool:
    """Whether to write anonymously, as wanted. Raises AnonymousNotHere, TooFewToHide."""
    if wanted and not group.sheltered:
        raise AnonymousNotHere
    if wanted and await memberships.active_count(group.id) < ENOUGH:
        raise TooFewToHide
    return wanted


async def by_person(
    person_ids: Sequence[UUID], *, viewer: Person, page: Page
) -> list[Connection[Post]]:
    """What each person wrote under their name in groups that the viewer reads too."""
    return await BY_PERSON.read(person_ids, page, now=clock.now(), **groups.reader(viewer))


async def by_id(post_ids: Sequence[UUID]) -> list[Post]:
    found = await sql.in_bulk(Post, post_ids)
    return [found[id] for id in post_ids]


async def seen(post_ids: Sequence[UUID], *, viewer: Person) -> list[Post | None]:
    """Each post, as far as the viewer may see it now."""
    found = await REACHED.rows(ids=set(post_ids), **groups.reader(viewer))
    shown = {
        post.id: authors.signed(post, author) for post, _, author in found if appears(post, viewer)
    }
    return [shown.get(id) for id in post_ids]


def appears(post: Post, to: Person) -> bool:
    shown = post.published_at <= clock.now() and post.hidden_at is None
    return shown or authors.wrote(to, post)


async def _record(name: str, post: Post, group: Group) -> None:
    await events.record(
        name,
        actor=post.author_id,
        handle=post.handle,
        due_at=buckets.shown_at(group),
        post=post.id,
        group=group.id,
        group_kind=group.kind,
    )
