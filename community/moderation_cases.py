"""Moderation cases: what was reported, and what a moderator decided about it.

A subject has one open case at most, which gathers the reports about it.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from community import buckets, reporters, subjects
from community.groups import Group
from community.subjects import MODELS, Subject, SubjectKind
from core import audit, events
from core.database import inserts
from core.errors import NotFound
from core.people import Person
from core.text import Text

APPEALABLE = timedelta(days=14)
HIDES = 3 * reporters.FULL  # thousandths


class ReportReason(StrEnum):
    """What is wrong; DANGER is worry, not blame: it goes to the counsellors and hides nothing."""

    INSULT = "INSULT"
    PRIVATE_DATA = "PRIVATE_DATA"
    SPAM = "SPAM"
    OFF_TOPIC = "OFF_TOPIC"
    DANGER = "DANGER"
    OTHER = "OTHER"


class Verdict(StrEnum):
    """Nothing is wrong; it stays and the author is told; it is taken away and the author told."""

    DISMISSED = "DISMISSED"
    WARNED = "WARNED"
    REMOVED = "REMOVED"


class ModerationCase(Model):
    id = fields.UUIDField(primary_key=True)
    kind = fields.CharEnumField(SubjectKind, max_length=20)
    subject_id: UUID = fields.UUIDField(db_index=True)
    open_for: UUID | None = fields.UUIDField(
        null=True, unique=True, description="the subject, until it is decided"
    )
    group: fields.ForeignKeyRelation[Group] = fields.ForeignKeyField("models.Group")
    group_id: UUID
    author_id: UUID | None = fields.UUIDField(null=True, description="of named words")
    weight = fields.IntField(default=0, description="thousandths: the sum of its reporters'")
    opened_at: datetime = fields.DatetimeField()
    verdict = fields.CharEnumField(Verdict, max_length=20, null=True)
    reason = fields.CharEnumField(ReportReason, max_length=20, null=True)
    words = fields.CharField(max_length=500, default="", description="to the author")
    decided_at: datetime | None = fields.DatetimeField(null=True)
    decided_by_id: UUID | None = fields.UUIDField(null=True)
    final_on: date | None = fields.DateField(
        null=True, db_index=True, description="when what is removed goes for good"
    )

    class Meta:
        table = "moderation_case"
        indexes = (("verdict", "weight"),)

    @property
    def hides(self) -> bool:
        """What was reported, until it is decided."""
        return self.weight >= HIDES

    @property
    def appealable_until(self) -> datetime | None:
        return self.decided_at and self.decided_at + APPEALABLE


class Matter(NamedTuple):
    """A case with what it is about and where that stands."""

    case: ModerationCase
    row: Subject
    group: Group


class CaseNotFound(NotFound):
    text = Text("This report is not here.", "找不到这个举报。", "找不到這則檢舉。")


async def held(row: Subject, group: Group) -> ModerationCase:
    """The open case of a subject, which nobody else changes before this transaction ends."""
    standing = ModerationCase.filter(open_for=row.id).select_for_update(no_key=True)
    while (case := await standing.first()) is None:
        await inserts.added(_opened(row, group))
    return case


async def add_weight(case: ModerationCase, weight: int) -> bool:
    """Whether it is enough now to hide the subject."""
    case.weight += weight
    await case.save(update_fields=["weight"])
    return weight > 0 and case.hides


async def matter(case: ModerationCase) -> Matter:
    [row] = await shown([case])
    return Matter(case, row, await Group.get(id=case.group_id))


async def shown(cases: Sequence[ModerationCase]) -> list[Subject]:
    """What was reported, whatever became of it since."""
    rows: dict[UUID, Subject] = {}
    for kind, model in MODELS.items():
        ids = {case.subject_id for case in cases if case.kind is kind}
        rows |= await model.in_bulk(ids, "id") if ids else {}
    return [rows[case.subject_id] for case in cases]


async def by_id(case_ids: Sequence[UUID]) -> list[ModerationCase]:
    found = await ModerationCase.in_bulk(set(case_ids), "id")
    return [found[id] for id in case_ids]


async def record(name: str, matter: Matter, *, by: Person | None, **facts: Any) -> None:
    """For the audit trail, and for those who tell the author."""
    case, row, group = matter
    facts |= {"case": case.id, "subject": row.id, "kind": case.kind}
    await events.record(
        name,
        author=row.author_id,
        author_handle=row.handle,
        post=subjects.post_id(row),
        group=group.id,
        group_kind=group.kind,
        **facts,
    )
    await audit.record(name, by=by.id if by else None, about=row.author_id, **facts)


def _opened(row: Subject, group: Group) -> ModerationCase:
    return ModerationCase(
        id=uuid4(),
        kind=subjects.kind(row),
        subject_id=row.id,
        open_for=row.id,
        group_id=group.id,
        author_id=row.author_id,
        opened_at=buckets.shown_at(group),
    )
