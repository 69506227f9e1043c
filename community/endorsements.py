"""Endorsements: whoever was helped says that a colleague knows a thing."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import cast
from uuid import UUID

from tortoise import fields
from tortoise.models import Model
from tortoise.queryset import QuerySet

from community import topics
from community.tags import Tag
from core import clock, events, people
from core.database import inserts
from core.database.sql import Statement
from core.errors import Forbidden
from core.people import Person
from core.text import Text
from core.transactions import transaction


class Endorsement(Model):
    id = fields.UUIDField(primary_key=True)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="endorsements"
    )
    person_id: UUID
    tag: fields.ForeignKeyRelation[Tag] = fields.ForeignKeyField("models.Tag")
    tag_id: UUID
    endorser: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="endorsed"
    )
    endorser_id: UUID
    endorsed_at: datetime = fields.DatetimeField()

    class Meta:
        table = "endorsement"
        unique_together = ("person", "tag", "endorser")
        indexes = (("tag_id",), ("endorser_id",))


#: Confirmed help: the reader thanked these people for answers, by name and outside of shelters.
HELPED = Statement(
    """
    SELECT tag.*, comment.author_id
    FROM comment
    JOIN thanks ON thanks.comment_id = comment.id AND thanks.actor = :reader
    JOIN post ON post.id = comment.post_id
    JOIN community_group ON community_group.id = post.group_id
    JOIN tagging ON tagging.post_id = post.id
    JOIN tag AS typed ON typed.id = tagging.tag_id
    JOIN tag ON tag.id = typed.canonical_id
    WHERE comment.author_id = ANY(:people) AND community_group.kind = 'KNOWLEDGE'
    AND comment.deleted_at IS NULL AND comment.hidden_at IS NULL
    AND post.deleted_at IS NULL AND post.hidden_at IS NULL
    ORDER BY tag.folded
    """,
    Tag,
)


GIVEN = Statement(
    """
    SELECT endorsement.*, tag.* FROM endorsement JOIN tag ON tag.id = endorsement.tag_id
    WHERE endorsement.person_id = ANY(:people) AND endorsement.endorser_id = :endorser
    """,
    Endorsement,
    Tag,
)


class EndorsingOneself(Forbidden):
    text = Text(
        "What you know is for your colleagues to say.",
        "您的专长要由同事来认可。",
        "您的專長要由同事來認可。",
    )


class NotHelped(Forbidden):
    text = Text(
        "First let this colleague help you there: accept an answer, or say that it helped you too.",
        "请先在该标签下采纳这位同事的回答，或点“对我也有帮助”，再来认可。",
        "請先在該標籤下採納這位同事的回答，或點「對我也有幫助」，再來認可。",
    )


@transaction
async def endorse(person_id: UUID, tag_id: UUID, *, by: Person) -> Person:
    """Say that whoever helped one in a tag knows it; saying it twice is once."""
    person = await people.found(person_id)
    tag = await topics.visible(tag_id, to=by)
    if person.id == by.id:
        raise EndorsingOneself
    [helped] = await _helped([person.id], by)
    if tag.id not in helped:
        raise NotHelped
    endorsement = Endorsement(
        person_id=person.id, tag_id=tag.id, endorser_id=by.id, endorsed_at=clock.now()
    )
    if await inserts.added(endorsement):
        await events.record("colleague.endorsed", actor=by.id, person=person.id, tag=tag.id)
    return person


@transaction
async def take_back(person_id: UUID, tag_id: UUID, *, by: Person) -> Person:
    """Take one's endorsement back; one that is not there changes nothing."""
    person = await people.found(person_id)
    tag = await topics.visible(tag_id, to=by)
    await of(person.id, tag.id).filter(endorser_id=by.id).delete()
    return person


def of(person_id: UUID, tag_id: UUID) -> QuerySet[Endorsement]:
    """What speaks for a person in a canonical tag, whatever its names were then."""
    return Endorsement.filter(person_id=person_id, tag__canonical_id=tag_id)


async def endorsers(person_id: UUID, tag_id: UUID) -> set[UUID]:
    found = await of(person_id, tag_id).values_list("endorser_id", flat=True)
    return cast("set[UUID]", set(found))


async def given_to(pairs: Sequence[tuple[UUID, UUID]]) -> list[list[Person]]:
    """Who spoke for each person in each canonical tag, the first of them first."""
    given = Endorsement.filter(person_id__in=[person_id for person_id, _ in pairs])
    found = defaultdict(list)
    for one in await given.order_by("endorsed_at", "id").select_related("endorser", "tag"):
        found[one.person_id, one.tag.canonical_id].append(one.endorser)
    return [found[pair] for pair in pairs]


async def endorsable(person_ids: Sequence[UUID], *, viewer: Person) -> list[list[Tag]]:
    """In which tags the viewer was helped by each and has not said so yet."""
    helped = await _helped(person_ids, viewer)
    given = await GIVEN.rows(people=person_ids, endorser=viewer.id)
    said = {(endorsement.person_id, tag.canonical_id) for endorsement, tag in given}
    return [
        [tag for tag in tags.values() if (id, tag.id) not in said]
        for id, tags in zip(person_ids, helped, strict=True)
    ]


async def _helped(person_ids: Sequence[UUID], reader: Person) -> list[dict[UUID, Tag]]:
    """By whom the reader was helped, in which canonical tags."""
    found: defaultdict[UUID, dict[UUID, Tag]] = defaultdict(dict)
    others = set(person_ids) - {reader.id}
    for tag, helper in await HELPED.rows(reader=str(reader.id), people=others):
        found[UUID(str(helper))][tag.id] = tag
    return [found[id] for id in person_ids]
