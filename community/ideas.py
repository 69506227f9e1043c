"""Ideas: posts in an IDEAS group, with an owner, a status and answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.expressions import Q, Subquery
from tortoise.models import Model

from community import memberships, posts, topics
from community.groups import Group, GroupKind
from community.memberships import NotMember
from community.posts import Post
from core import clock, events, idempotency, inserts, pages, people, sql
from core.errors import Conflict, Forbidden, NotFound
from core.events import Event
from core.pages import Connection, Listing, Page
from core.people import Grants, Person
from core.rankings import Ranking
from core.text import Text
from core.transactions import transaction
from core.writing import written

TEXT = 2000  # characters of an answer


class IdeaStatus(StrEnum):
    OPEN = "OPEN"
    PLANNED = "PLANNED"
    DONE = "DONE"
    DECLINED = "DECLINED"


OPEN, PLANNED, DONE, DECLINED = IdeaStatus

MOVES = {
    OPEN: {PLANNED, DONE, DECLINED},
    PLANNED: {PLANNED, DONE, DECLINED},
    DECLINED: {PLANNED, DONE},
    DONE: set[IdeaStatus](),
}


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
    owner_id: UUID | None = fields.UUIDField(null=True, description="who sees to it")
    vote_count = fields.IntField(default=0)
    posted_at: datetime = fields.DatetimeField()

    class Meta:
        table = "idea"
        indexes = (("group_id", "posted_at", "id"), ("group_id", "vote_count", "id"))


class IdeaAnswer(Model):
    """What was answered once: the status since then, and why."""

    id = fields.UUIDField(primary_key=True)
    idea: fields.ForeignKeyRelation[Idea] = fields.ForeignKeyField("models.Idea")
    idea_id: UUID
    status = fields.CharEnumField(IdeaStatus, max_length=20)
    text = fields.TextField()
    planned_for: date | None = fields.DateField(null=True)
    author_id: UUID = fields.UUIDField()
    answered_at: datetime = fields.DatetimeField()

    class Meta:
        table = "idea_answer"
        indexes = (("idea_id", "answered_at", "id"),)


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer as it is given."""

    status: IdeaStatus
    text: str
    planned_for: date | None = None


ANSWERS = Listing("idea answers", "answered_at")
OF = pages.Each(IdeaAnswer, "idea_id = parent.id", ANSWERS)


class IdeaNotFound(NotFound):
    text = Text("This idea is not here.", "找不到这个点子。", "找不到這個點子。")


class NotItsOwner(Forbidden):
    text = Text(
        "Its owner and moderators answer an idea.",
        "点子由负责人或版主来答复。",
        "點子由負責人或版主來答覆。",
    )


class OwnerNotHere(Conflict):
    text = Text(
        "Whoever sees to an idea has to belong to its group.",
        "点子的负责人需要是该群组的成员。",
        "點子的負責人需要是該群組的成員。",
    )


class NotThatAnswer(Conflict):
    text = Text(
        "This idea has got another answer. Load it again.",
        "这个点子已有新的答复，请重新加载。",
        "這個點子已有新的答覆，請重新載入。",
    )


class PlannedForThePast(Conflict):
    text = Text("Plans are for today or later.", "计划日期不能早于今天。", "計畫日期不能早於今天。")


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


@transaction
async def answer(idea_id: UUID, reply: Reply, *, by: Person, key: str) -> Idea:
    """Say what becomes of an idea, and why. Raises NotItsOwner, NotThatAnswer."""
    idea, post = await reached(idea_id, by=by)
    if idea.owner_id != by.id and not by.may(Grants.MODERATOR):
        raise NotItsOwner
    if reply.planned_for and reply.planned_for < clock.business_date():
        raise PlannedForThePast
    text, id = written(reply.text, most=TEXT), uuid4()
    if await idempotency.claim(key, by=by.id, asked=[idea_id, reply], result=id) != id:
        return idea
    await _move(idea, reply.status)
    await IdeaAnswer.create(
        id=id,
        idea_id=idea.id,
        status=reply.status,
        text=text,
        planned_for=reply.planned_for,
        author_id=by.id,
        answered_at=clock.now(),
    )
    await events.record("idea.answered", actor=by.id, post=post.id, author=post.author_id)
    return idea


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
    shown = Post.filter(topics.posts_shown(), group_id=group_id).values("id")
    wanted = Q(status=status) if status else Q()
    ideas = Idea.filter(wanted, group_id=group_id, id__in=Subquery(shown))
    return await pages.read(ideas, ORDERS[order], page)


async def of(post_ids: Sequence[UUID]) -> list[Idea | None]:
    """The idea that each post is, if it is one."""
    found = await sql.in_bulk(Idea, post_ids)
    return [found.get(id) for id in post_ids]


async def answers(idea_ids: Sequence[UUID], *, page: Page) -> list[Connection[IdeaAnswer]]:
    """What was answered to each, the latest first."""
    return await OF.read(idea_ids, page)


async def _begun(post: Post) -> Idea:
    idea = Idea(id=post.id, group_id=post.group_id, posted_at=post.published_at)
    return idea if await inserts.added(idea) else await Idea.get(id=post.id)


async def _move(idea: Idea, to: IdeaStatus) -> None:
    as_it_was = Idea.filter(id=idea.id, status=idea.status)
    if to not in MOVES[idea.status] or not await as_it_was.update(status=to):
        raise NotThatAnswer
    idea.status = to
