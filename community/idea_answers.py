"""Answers to ideas: what becomes of each, why, and when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from community import ideas
from community.ideas import DECLINED, DONE, OPEN, PLANNED, Idea, IdeaStatus
from core import clock, events, idempotency, pages
from core.errors import Conflict, Forbidden
from core.pages import Connection, Listing, Page
from core.people import Grants, Person
from core.text import Text
from core.transactions import transaction
from core.writing import written

TEXT = 2000  # characters

MOVES = {
    OPEN: {PLANNED, DONE, DECLINED},
    PLANNED: {PLANNED, DONE, DECLINED},
    DECLINED: {PLANNED, DONE},
    DONE: set[IdeaStatus](),
}


class IdeaAnswer(Model):
    """What was answered once: the status since then, and why."""

    id = fields.UUIDField(primary_key=True)
    idea: fields.ForeignKeyRelation[Idea] = fields.ForeignKeyField("models.Idea")
    idea_id: UUID
    status = fields.CharEnumField(IdeaStatus, max_length=20)
    text = fields.TextField()
    planned_for: date | None = fields.DateField(null=True)
    author_id: UUID = fields.UUIDField(db_index=True)
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


class NotItsOwner(Forbidden):
    text = Text(
        "Its owner and moderators answer an idea.",
        "点子由负责人或版主来答复。",
        "點子由負責人或版主來答覆。",
    )


class NotThatAnswer(Conflict):
    text = Text(
        "This idea has got another answer. Load it again.",
        "这个点子已有新的答复，请重新加载。",
        "這個點子已有新的答覆，請重新載入。",
    )


class PlannedForThePast(Conflict):
    text = Text("Plans are for today or later.", "计划日期不能早于今天。", "計畫日期不能早於今天。")


@transaction
async def answer(idea_id: UUID, reply: Reply, *, by: Person, key: str) -> Idea:
    """Say what becomes of an idea, and why. Raises NotItsOwner, NotThatAnswer."""
    idea, post = await ideas.reached(idea_id, by=by)
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


async def of(idea_ids: Sequence[UUID], *, page: Page) -> list[Connection[IdeaAnswer]]:
    """What was answered to each, the latest first."""
    return await OF.read(idea_ids, page)


async def _move(idea: Idea, to: IdeaStatus) -> None:
    as_it_was = Idea.filter(id=idea.id, status=idea.status)
    if to not in MOVES[idea.status] or not await as_it_was.update(status=to):
        raise NotThatAnswer
    idea.status = to
