"""Experts: who is known to know a thing, in a tag, by colleagues and after a review."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from community import endorsements, tags
from community.authors import Written
from community.tags import Tag, Tagging
from core import audit, clock, events
from core.database import inserts
from core.database.sql import Statement
from core.errors import Conflict, NotFound
from core.events import Event
from core.people import Grants, Person
from core.text import Text
from core.together import together
from core.transactions import transaction

ENDORSERS = 3  # distinct colleagues, for a review
LASTS = timedelta(days=180)  # without activity in the tag
REASON = 500  # characters
SHOWN = 20  # experts of a tag


class ExpertState(StrEnum):
    PROPOSED = "PROPOSED"
    EXPERT = "EXPERT"
    DECLINED = "DECLINED"
    LAPSED = "LAPSED"
    REVOKED = "REVOKED"


PROPOSED, EXPERT, DECLINED, LAPSED, REVOKED = ExpertState

MOVES = {
    PROPOSED: {EXPERT, DECLINED},
    EXPERT: {LAPSED, REVOKED},
    DECLINED: {PROPOSED},
    LAPSED: {PROPOSED},
    REVOKED: {PROPOSED},
}
OVER = {DECLINED, LAPSED, REVOKED}


class Expert(Model):
    id = fields.UUIDField(primary_key=True)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField("models.Person")
    person_id: UUID
    tag: fields.ForeignKeyRelation[Tag] = fields.ForeignKeyField("models.Tag")
    tag_id: UUID
    state = fields.CharEnumField(ExpertState, max_length=20)
    moved_at: datetime = fields.DatetimeField(description="into this state")
    reason = fields.CharField(max_length=REASON, null=True)
    lapses_on: date = fields.DateField(description="unless there is activity in the tag until then")

    class Meta:
        table = "expert"
        unique_together = ("person", "tag")
        indexes = (("state", "moved_at", "id"), ("state", "lapses_on"), ("tag_id",))


OF = Statement(
    """
    SELECT expert.*, tag.* FROM expert
    JOIN tag AS named ON named.id = expert.tag_id JOIN tag ON tag.id = named.canonical_id
    WHERE expert.person_id = ANY(:people) AND expert.state = ANY(:states)
    ORDER BY tag.folded, expert.moved_at
    """,
    Expert,
    Tag,
)
BESIDE = Statement(
    """
    SELECT tagging.*, expert.*, tag.* FROM expert
    JOIN tag AS named ON named.id = expert.tag_id
    JOIN tag AS typed ON typed.canonical_id = named.canonical_id
    JOIN tagging ON tagging.tag_id = typed.id AND tagging.post_id = ANY(:posts)
    JOIN tag ON tag.id = typed.canonical_id
    WHERE expert.person_id = ANY(:people) AND expert.state = 'EXPERT'
    ORDER BY tagging.position
    """,
    Tagging,
    Expert,
    Tag,
)


class ExpertNotFound(NotFound):
    text = Text("This is not here any more.", "找不到这条达人记录。", "找不到這筆達人紀錄。")


class NotThatMove(Conflict):
    text = Text(
        "Somebody has decided this already. Load it again.",
        "这一项已经有人处理过了，请重新加载。",
        "這一項已經有人處理過了，請重新載入。",
    )


async def propose(event: Event) -> None:
    """Subscriber: whom three colleagues endorsed in a tag is up for review."""
    await _propose(UUID(event.payload["person"]), UUID(event.payload["tag"]))


@transaction
async def _propose(person_id: UUID, tag_id: UUID) -> None:
    if len(await endorsements.endorsers(person_id, tag_id)) < ENDORSERS:
        return
    known = await Expert.filter(person_id=person_id, tag__canonical_id=tag_id)
    if {PROPOSED, EXPERT} & {expert.state for expert in known}:
        return
    if known:
        await move(known[0], PROPOSED, by=None)
        return
    expert = Expert(id=uuid4(), person_id=person_id, tag_id=tag_id, **_moved(PROPOSED))
    if await inserts.added(expert):
        await _tell(expert, by=None)


@transaction
async def tell_standing(_: Event) -> None:
    """Subscriber: somebody wants to know who is an expert by now, and since when."""
    for one in await Expert.filter(state=EXPERT):
        await events.record(
            "expert.stands",
            due_at=one.moved_at,
            expert=one.id,
            person=one.person_id,
            tag=one.tag_id,
        )


async def move(
    expert: Expert, to: ExpertState, *, by: UUID | None, reason: str | None = None
) -> None:
    """Raises NotThatMove. What spoke for whoever is one no more is used up."""
    as_it_was = Expert.filter(id=expert.id, state=expert.state)
    moved = _moved(to) | {"reason": reason}
    if to not in MOVES[expert.state] or not await as_it_was.update(**moved):
        raise NotThatMove
    expert.update_from_dict(moved)
    if to in OVER:
        await endorsements.of(expert.person_id, await _canonical(expert)).delete()
    await _tell(expert, by=by)


async def visible(expert_id: UUID, *, to: Person) -> Expert:
    """The one way to reach one on a person's behalf: experts are known to all."""
    expert = await Expert.get_or_none(id=expert_id)
    if expert and (expert.state is EXPERT or to.id == expert.person_id or to.may(Grants.MODERATOR)):
        return expert
    raise ExpertNotFound


async def of(person_ids: Sequence[UUID]) -> list[list[Expert]]:
    """In what each is an expert."""
    return await _of(person_ids, [EXPERT])


@together
async def standing(person_ids: Sequence[UUID]) -> list[list[Expert]]:
    """The same with what is proposed, was declined, revoked or has lapsed; for oneself."""
    return await _of(person_ids, [*ExpertState])


async def in_tags(tag_ids: Sequence[UUID]) -> list[list[Expert]]:
    """Who is an expert in each tag, the latest to become one first; at most 20."""
    found: defaultdict[UUID, dict[UUID, Expert]] = defaultdict(dict)
    named = Expert.filter(state=EXPERT, tag__canonical_id__in=tag_ids).select_related("tag")
    for expert in await named.order_by("-moved_at", "id"):
        found[expert.tag.canonical_id].setdefault(expert.person_id, expert)
    return [[*found[id].values()][:SHOWN] for id in tag_ids]


@together
async def beside(rows: Sequence[Written]) -> list[list[Tag]]:
    """In which tags of a post its named author, or a comment's, is an expert."""
    people = {row.author_id for row in rows if row.author_id}
    posts = {row.thread.id for row in rows if row.author_id}
    found: defaultdict[tuple[UUID, UUID], dict[UUID, Tag]] = defaultdict(dict)
    for tagging, expert, tag in await BESIDE.rows(people=people, posts=posts) if people else ():
        found[tagging.post_id, expert.person_id][tag.id] = tag
    return [
        [*found[row.thread.id, row.author_id].values()] if row.author_id else [] for row in rows
    ]


async def endorsers(experts: Sequence[Expert]) -> list[list[Person]]:
    """Who spoke for each."""
    canonical = await tags.by_id([expert.tag_id for expert in experts])
    people = [expert.person_id for expert in experts]
    return await endorsements.given_to(
        [(person, tag.id) for person, tag in zip(people, canonical, strict=True)]
    )


async def _of(person_ids: Sequence[UUID], states: Sequence[ExpertState]) -> list[list[Expert]]:
    found: defaultdict[UUID, dict[UUID, Expert]] = defaultdict(dict)
    for expert, tag in await OF.rows(people=person_ids, states=states):
        found[expert.person_id][tag.id] = expert
    return [[*found[id].values()] for id in person_ids]


async def _canonical(expert: Expert) -> UUID:
    [tag] = await tags.by_id([expert.tag_id])
    return tag.id


def _moved(to: ExpertState) -> dict[str, Any]:
    return {
        "state": to,
        "moved_at": clock.now(),
        "lapses_on": clock.business_date() + LASTS,
    }


async def _tell(expert: Expert, *, by: UUID | None) -> None:
    name, person = f"expert.{expert.state.lower()}", expert.person_id
    await events.record(name, actor=by, expert=expert.id, person=person, tag=expert.tag_id)
    await audit.record(name, by=by, about=person, tag=expert.tag_id, reason=expert.reason)
