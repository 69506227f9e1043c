"""Posts: what members tell a group, or ask it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.expressions import Q
from tortoise.models import Model
from tortoise.queryset import QuerySet

from community import authors, buckets, memberships, photos, revisions, tags
from community.authors import Thread
from community.groups import Group
from core import clock, events, idempotency, pages
from core.errors import Forbidden, Invalid, NotFound
from core.pages import Connection, Listing, Page
from core.people import Person
from core.text import Text
from core.transactions import transaction
from core.writing import written

TEXT = 5000  # characters
ENOUGH = 10  # active members, for one among them to stay anonymous

FEED = Listing("feed", "published_at")
BYLINE = ("id", "author_id", "handle", "key_version")  # what tells whose it is


class Post(Model):
    id = fields.UUIDField(primary_key=True)
    group: fields.ForeignKeyRelation[Group] = fields.ForeignKeyField("models.Group")
    group_id: UUID
    author_id: UUID | None = fields.UUIDField(null=True)
    handle = fields.CharField(max_length=64, null=True)
    alias = fields.CharField(max_length=40, null=True)
    key_version = fields.SmallIntField(description="of the handles in this thread")
    text = fields.TextField()
    is_question = fields.BooleanField(default=False)
    is_edited = fields.BooleanField(default=False)
    answered_at: datetime | None = fields.DatetimeField(
        null=True, description="the asker accepted an answer"
    )
    published_at: datetime = fields.DatetimeField(description="shown to others from then on")
    deleted_at: datetime | None = fields.DatetimeField(null=True)
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

    @property
    def is_answered(self) -> bool:
        return self.answered_at is not None and self.answered_at <= clock.now()

    @property
    def thread(self) -> Thread:
        return Thread(self.id, self.key_version)


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
    text = written(draft.text, most=TEXT)
    thread = authors.thread(uuid4())
    asked = [group_id, draft]
    if (
        first := await idempotency.claim(key, by=by.id, asked=asked, result=thread.id)
    ) != thread.id:
        return await Post.get(id=first)
    byline = await authors.sign(
        by, thread, anonymous=await anonymity(group, wanted=draft.anonymous)
    )
    post = await Post.create(
        id=thread.id,
        group_id=group.id,
        **byline._asdict(),
        key_version=thread.key_version,
        text=text,
        is_question=draft.is_question,
        published_at=buckets.shown_at(group),
    )
    await tags.put(post.id, draft.tags)
    await photos.attach(post.id, draft.photos, by=by)
    await _record("post.created", post, group)
    return post


@transaction
async def edit(post_id: UUID, text: str, *, by: Person) -> Post:
    """Change the words; what stood there before is kept for moderators."""
    post, group = await own(post_id, by)
    if await revisions.replace(post, written(text, most=TEXT), at=buckets.shown_at(group)):
        await _record("post.edited", post, group)
    return post


@transaction
async def delete(post_id: UUID, *, by: Person) -> Post:
    """Take a post away from everybody's eyes."""
    post, group = await own(post_id, by)
    standing = Post.filter(id=post.id, deleted_at__isnull=True)
    if await standing.update(deleted_at=buckets.shown_at(group)):
        await _record("post.deleted", post, group)
    return post


async def visible(post_id: UUID, *, to: Person) -> Post:
    """The one way to reach a post on a person's behalf."""
    readable = memberships.readable(to)
    post = await Post.get_or_none(id=post_id, deleted_at__isnull=True, group_id__in=readable)
    if post is None or not _appears(post, to):
        raise PostNotFound
    return post


async def own(post_id: UUID, by: Person) -> tuple[Post, Group]:
    post = await visible(post_id, to=by)
    if not authors.wrote(by, post):
        raise NotAuthor
    return post, await Group.get(id=post.group_id)


async def anonymity(group: Group, *, wanted: bool) -> bool:
    """Whether to write anonymously, as wanted. Raises AnonymousNotHere, TooFewToHide."""
    if wanted and not group.sheltered:
        raise AnonymousNotHere
    if wanted and await memberships.active_count(group.id) < ENOUGH:
        raise TooFewToHide
    return wanted


async def feed(*, to: Person, page: Page, group_id: UUID | None = None) -> Connection[Post]:
    """The posts of one group, or of all one belongs to, newest first. Raises NotMember."""
    if group_id is None:
        return await _read(Q(group_id__in=memberships.readable(to)), to, page)
    await memberships.as_member(group_id, to)
    return await _read(Q(group_id=group_id), to, page)


async def by_person(
    person_ids: Sequence[UUID], *, viewer: Person, page: Page
) -> list[Connection[Post]]:
    """What each person wrote under their name in groups that the viewer reads too."""
    readable = Q(group_id__in=memberships.readable(viewer))

    def by(id: UUID) -> QuerySet[Post]:
        return _shown(Q(author_id=id) & readable)

    return await pages.read_each(person_ids, by, FEED, page)


async def by_id(post_ids: Sequence[UUID]) -> list[Post]:
    found = await Post.in_bulk(set(post_ids), "id")
    return [found[id] for id in post_ids]


async def seen(post_ids: Sequence[UUID], *, viewer: Person) -> list[Post | None]:
    """Each post, as far as the viewer may see it now."""
    readable = memberships.readable(viewer)
    found = await Post.filter(id__in=set(post_ids), deleted_at__isnull=True, group_id__in=readable)
    shown = {post.id: post for post in found if _appears(post, viewer)}
    return [shown.get(id) for id in post_ids]


async def _read(where: Q, to: Person, page: Page) -> Connection[Post]:
    early = Post.filter(where, published_at__gt=clock.now(), deleted_at__isnull=True)
    mine = [post.id for post in await early.only(*BYLINE) if authors.wrote(to, post)]
    return await pages.read(_shown(where, mine), FEED, page)


def _appears(post: Post, to: Person) -> bool:
    return post.published_at <= clock.now() or authors.wrote(to, post)


def _shown(where: Q, early: Sequence[UUID] = ()) -> QuerySet[Post]:
    now = Q(published_at__lte=clock.now())
    return Post.filter(where, now | Q(id__in=early) if early else now, deleted_at__isnull=True)


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
