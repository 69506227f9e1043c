"""Deeds: what somebody did for a colleague, and the colleague confirmed.

Nothing that is done in a support group is a deed: its events name nobody.
"""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.expressions import Subquery
from tortoise.models import Model

from core import clock
from core.database import inserts
from core.events import Event
from core.transactions import transaction

SHELTER = "SUPPORT"  # the kind of group in which nothing is counted


class DeedKind(StrEnum):
    ANSWER_ACCEPTED = "ANSWER_ACCEPTED"
    ANSWER_ADOPTED = "ANSWER_ADOPTED"


class Source(NamedTuple):
    """How an event tells of a deed: keys of its payload. Who confirmed is the actor."""

    kind: DeedKind
    gesture: str
    doer: str


ACCEPTED = Source(DeedKind.ANSWER_ACCEPTED, gesture="thanks", doer="answerer")
ADOPTED = Source(DeedKind.ANSWER_ADOPTED, gesture="thanks", doer="answerer")

DONE = {"answer.accepted": ACCEPTED, "answer.adopted": ADOPTED}
TAKEN_BACK = {"answer.unaccepted": ACCEPTED, "answer.unadopted": ADOPTED}


class Deed(Model):
    id = fields.UUIDField(primary_key=True)
    kind = fields.CharEnumField(DeedKind, max_length=20)
    gesture = fields.CharField(max_length=40, description="by which it was confirmed, once")
    person_id: UUID = fields.UUIDField()
    confirmed_by: UUID = fields.UUIDField()
    at: datetime = fields.DatetimeField(description="when it was confirmed")
    day: date = fields.DateField(db_index=True, description="business date")
    week: date = fields.DateField(description="its Monday")
    is_taken_back = fields.BooleanField(description="the confirmation; it may be told first")

    class Meta:
        table = "deed"
        unique_together = ("kind", "gesture")
        indexes = (("person_id", "is_taken_back", "week"),)


class DeedTag(Model):
    id = fields.UUIDField(primary_key=True)
    deed: fields.ForeignKeyRelation[Deed] = fields.ForeignKeyField(
        "models.Deed", related_name="tags"
    )
    deed_id: UUID
    tag_id: UUID = fields.UUIDField(db_index=True)

    class Meta:
        table = "deed_tag"
        unique_together = ("deed", "tag_id")


@transaction
async def note(event: Event) -> UUID | None:
    """Note what an event tells, once, or that it was taken back; whose deed it is, if anybody's."""
    deed = _deed(event)
    if deed is None:
        return None
    if not await inserts.added(deed):
        if deed.is_taken_back:
            await Deed.filter(kind=deed.kind, gesture=deed.gesture).update(is_taken_back=True)
    elif not deed.is_taken_back:
        tags = (event.payload.get("tags") or "").split()
        await DeedTag.bulk_create([DeedTag(deed=deed, tag_id=UUID(tag)) for tag in tags])
    return deed.person_id


async def merge(event: Event) -> None:
    """Subscriber: what was done under a tag counts under the one it was merged into."""
    await _merge(UUID(event.payload["tag"]), UUID(event.payload["into"]))


@transaction
async def _merge(tag_id: UUID, into: UUID) -> None:
    already = DeedTag.filter(tag_id=into).values("deed_id")
    await DeedTag.filter(tag_id=tag_id, deed_id__in=Subquery(already)).delete()
    await DeedTag.filter(tag_id=tag_id).update(tag_id=into)


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _deed(event: Event) -> Deed | None:
    """None where it is not told who did it for whom, it was for oneself, or in a shelter."""
    source = DONE.get(event.name) or TAKEN_BACK[event.name]
    doer = event.payload.get(source.doer)
    if not doer or not event.actor_id or UUID(doer) == event.actor_id:
        return None
    if event.payload["group_kind"] == SHELTER:
        return None
    day = clock.business_date(event.due_at)
    return Deed(
        id=uuid4(),
        kind=source.kind,
        gesture=event.payload[source.gesture],
        person_id=UUID(doer),
        confirmed_by=event.actor_id,
        at=event.due_at,
        day=day,
        week=monday(day),
        is_taken_back=event.name in TAKEN_BACK,
    )
