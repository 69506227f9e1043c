"""Stages: how far a candidate has come; each move stays on record, with why and what comes next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import orjson
from tortoise import fields
from tortoise.models import Model

from core import clock, events, pages
from core.crypto import sealing
from core.crypto.resealing import Sealed
from core.errors import Conflict, Invalid
from core.pages import Connection, Listing, Page
from core.people import Person
from core.text import Text
from core.transactions import transaction
from core.writing import written
from referrals import candidates
from referrals.candidates import Candidate, CandidateNotFound, Stage

WORDS = 500  # characters
STEPS = Listing("candidate steps", "at")


class Source(StrEnum):
    HR = "HR"
    SYSTEM = "SYSTEM"  # an applicant tracking system
    STAFF_FILE = "STAFF_FILE"


class Step(Model):
    """A move, or a note where the stage stays the same; its words go with the candidate's data."""

    id = fields.UUIDField(primary_key=True)
    candidate: fields.ForeignKeyRelation[Candidate] = fields.ForeignKeyField("models.Candidate")
    candidate_id: UUID
    stage = fields.CharEnumField(Stage, max_length=10)
    source = fields.CharEnumField(Source, max_length=10)
    by_id: UUID | None = fields.UUIDField(null=True, db_index=True)
    sealed: bytes | None = fields.BinaryField(null=True, description="why, and what comes next")
    next_on: date | None = fields.DateField(null=True)
    at: datetime = fields.DatetimeField()

    class Meta:
        table = "candidate_step"
        indexes = (("candidate_id", "at", "id"),)

    @property
    def reason(self) -> str | None:
        return self._words[0]

    @property
    def next_step(self) -> str | None:
        return self._words[1]

    @property
    def _words(self) -> list[str | None]:
        if self.sealed is None:
            return [None, None]
        said: list[str | None] = orjson.loads(
            sealing.opened("candidate", self.sealed, bound_to=self.id.bytes)
        )
        return said


SEALED = Sealed(Step, "sealed", "candidate", lambda step: step.id.bytes)

OF_CANDIDATE = pages.Each(Step, "candidate_id = parent.id", STEPS)


@dataclass(frozen=True, slots=True)
class Move:
    """`next_step` is what happens next, and `next_on` when."""

    stage: Stage
    reason: str = ""
    next_step: str = ""
    next_on: date | None = None


class WithdrewThemselves(Conflict):
    text = Text(
        "This candidate has withdrawn. Only they can apply again.",
        "这位候选人已自行撤回申请，只有本人可以重新申请。",
        "這位候選人已自行撤回應徵，只有本人可以重新應徵。",
    )


class ReasonNeeded(Invalid):
    text = Text(
        "Say why, in a sentence that you could say to their face.",
        "请用一句当面也说得出口的话说明原因。",
        "請用一句當面也說得出口的話說明原因。",
    )


@transaction
async def move(candidate_id: UUID, to: Move, *, by: Person) -> Candidate:
    """Raises CandidateNotFound, WithdrewThemselves, ReasonNeeded."""
    candidate = await _held(candidate_id)
    if candidate.stage is Stage.WITHDRAWN or to.stage is Stage.WITHDRAWN:
        raise WithdrewThemselves
    if to.stage is Stage.DECLINED and not to.reason.strip():
        raise ReasonNeeded
    return await _moved(candidate, to, Source.HR, by=by)


@transaction
async def follow(candidate_id: UUID, stage: Stage, source: Source, *, at: datetime) -> bool:
    """Take over what another system says, unless something newer is known; whether it was."""
    candidate = await _held(candidate_id)
    if candidate.stage is Stage.WITHDRAWN or not _is_news(candidate, stage, at):
        return False
    await _moved(candidate, Move(stage), source, at=min(at, clock.now()))
    return True


async def of(candidate_ids: Sequence[UUID], *, page: Page) -> list[Connection[Step]]:
    """What was done about each candidate, the latest first."""
    return await OF_CANDIDATE.read(candidate_ids, page)


async def _held(candidate_id: UUID) -> Candidate:
    """Two who move the same candidate do so one after the other."""
    standing = Candidate.filter(id=candidate_id, erased_at__isnull=True)
    candidate = await standing.select_for_update().first()
    if candidate is None:
        raise CandidateNotFound
    return candidate


def _is_news(candidate: Candidate, stage: Stage, at: datetime) -> bool:
    """Of two moves in the same moment the one that leads further is the later one."""
    order = list(Stage).index
    return (at, order(stage)) > (candidate.stage_moved_at, order(candidate.stage))


async def _moved(
    candidate: Candidate,
    to: Move,
    source: Source,
    *,
    by: Person | None = None,
    at: datetime | None = None,
) -> Candidate:
    before, at = candidate.stage, at or clock.now()
    step = Step(candidate_id=candidate.id, stage=to.stage, source=source, next_on=to.next_on, at=at)
    step.by_id = by.id if by else None
    step.sealed = _sealed(step, to)
    await step.save(force_create=True)
    if to.stage is not before:
        candidate.stage, candidate.stage_moved_at = to.stage, at
        candidate.erase_on = candidates.erased_on()
        await candidate.save(update_fields=["stage", "stage_moved_at", "erase_on"])
        await events.record(
            "candidate.moved", actor=step.by_id, candidate=candidate.id, stage=to.stage
        )
    return candidate


def _sealed(step: Step, to: Move) -> bytes | None:
    words = [
        written(text, most=WORDS) if text.strip() else None for text in (to.reason, to.next_step)
    ]
    if not any(words):
        return None
    return sealing.closed("candidate", orjson.dumps(words), bound_to=step.id.bytes)
