"""Ideas: posts in an IDEAS group, with an owner and a status."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from community import memberships, mutes, posts
from community.groups import Group, GroupKind
from community.memberships import NotMember
from community.posts import Post
from core import clock, events, pages, people
from core.database import inserts, sql
from core.errors import Conflict, NotFound
from core.events import Event
from core.pages import Connection, Listing, Page
from core.people import Person
from core.rankings import Ranking
from core.text import Text
from core.transactions import transaction


class IdeaStatus(StrEnum):
    OPEN = "OPEN"
    PLANNED = "PLANNED"
    DONE = "DONE"
    DECLINED = "DECLINED"


OPEN, PLANNED, DONE, DECLINED = IdeaStatus


class IdeaOrder(StrEnum):
    NEWEST = "NEWEST"
    VOTES = "VOTES"


ORDERS = {
    IdeaOrder.NEWEST: Listing("ideas", "posted_at"),
    IdeaOrder.VOTES: Ranking("ideas by votes", "vote_count"),
}


class Idea(Model):
    id = fields.UUIDField(primary_key=True, description="of its post")
    group: fields.ForeignKeyRelation[Group] = fields.ForeignKeyField("models.Group")
    group_id: UUID
    status = fields.CharEnumField(IdeaStatus, max_length=20, default=OPEN)
    owner_id: UUID | None = fields.UUIDField(null=True, db_index=True, description="who sees to it")
    vote_count = fields.IntField(default=0)
    posted_at: datetime = fields.DatetimeField()

    class Meta:
        table = "idea"
        indexes = (("group_id", "posted_at", "id"), ("group_id", "vote_count", "id"))


SHOWN = f"""
    SELECT idea.* FROM idea JOIN post ON post.id = idea.id
    WHERE idea.group_id = :group AND idea.status = ANY(:statuses) AND post.published_at <= :now
    AND post.deleted_at IS NULL AND post.hidden_at IS NULL AND {mutes.heard("post.id")}
"""
LISTED = {order: pages.Listed(SHOWN, Idea, listing) for order, listing in ORDERS.items()}


class IdeaNotFound(NotFound):
    text = Text("This idea is not here.", "找不到这个点子。", "找不到這個點子。")


class OwnerNotHere(Conflict):
    text = Text(
        "Whoever sees to an idea has to belong to its group.",
        "点子的负责人需要是该群组的成员。",
        "點子的負責人需要是該群組的成員。",
    )


async def begin(event: Event) -> None:
    """Subscriber: a post in an IDEAS group is an idea."""
    if event.payload["group_kind"] == GroupKind.IDEAS:
        await _begun(await Post.get(id=event.payload["post"]))


@transaction
async def assign(idea_id: UUID, owner_id: UUID | None, *, by: Person) -> Idea:
    """Say who sees to an idea, or that nobody does. Raises OwnerNotHere."""
    idea, _ = await reached(idea_id, by=by)
    if owner_id:
        try:
            await memberships.as_member(idea.group_id, await people.found(owner_id))
        except NotMember:
            raise OwnerNotHere from None
    await Idea.filter(id=idea.id).update(owner_id=owner_id)
    await events.record("idea.assigned", actor=by.id, post=idea.id, owner=owner_id)
    return await Idea.get(id=idea.id)


async def visible(idea_id: UUID, *, to: Person) -> Idea:
    """The one way to reach an idea on a person's behalf."""
    idea, _ = await reached(idea_id, by=to)
    return idea


async def reached(idea_id: UUID, *, by: Person) -> tuple[Idea, Post]:
    """The same, with its post."""
    post, group = await posts.reached(idea_id, by=by)
    if group.kind is not GroupKind.IDEAS:
        raise IdeaNotFound
    return await _begun(post), post


async def listed(
    group_id: UUID,
    *,
    to: Person,
    page: Page,
    order: IdeaOrder = IdeaOrder.NEWEST,
    status: IdeaStatus | None = None,
) -> Connection[Idea]:
    """The ideas of a group, of one status or of all. Raises NotMember."""
    await memberships.as_member(group_id, to)
    wanted = {"group": group_id, "statuses": [status] if status else [*IdeaStatus]}
    return await LISTED[order].read(page, **wanted, now=clock.now(), reader=to.id)


async def of(post_ids: Sequence[UUID]) -> list[Idea | None]:
    """The idea that each post is, if it is one."""
    found = await sql.in_bulk(Idea, post_ids)
    return [found.get(id) for id in post_ids]


async def _begun(post: Post) -> Idea:
    idea = Idea(id=post.id, group_id=post.group_id, posted_at=post.published_at)
    if await inserts.added(idea):
        return idea
    return (await sql.in_bulk(Idea, [post.id]))[post.id]
