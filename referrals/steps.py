"""Steps: what was done about a candidate, by whom and why, and what comes next."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID, uuid4

import orjson
from tortoise import fields
from tortoise.models import Model

from core import clock, pages
from core.crypto import sealing
from core.crypto.resealing import Sealed
from core.database.sql import Statement
from core.pages import Connection, Listing, Page
from core.people import Person
from core.writing import written
from referrals.candidates import Candidate, Stage

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

LATEST = Statement(
    """
    SELECT candidate_step.* FROM candidate_step
    JOIN candidate ON candidate.id = candidate_step.candidate_id
    WHERE candidate.id = ANY(:ids) AND candidate_step.id = (
        SELECT last.id FROM candidate_step AS last WHERE last.candidate_id = candidate.id
        ORDER BY last.at DESC, last.id DESC LIMIT 1
    )
    """,
    Step,
)
OF_CANDIDATE = pages.Each(Step, "candidate_id = parent.id", STEPS)


def begun(
    candidate: Candidate, source: Source, by: Person | None, at: datetime | None = None
) -> Step:
    """A step at the stage where the candidate is, to be filled in and saved."""
    return Step(
        id=uuid4(),
        candidate_id=candidate.id,
        stage=candidate.stage,
        source=source,
        by_id=by.id if by else None,
        at=at or clock.now(),
    )


def say(step: Step, reason: str, next_step: str) -> None:
    """Raises TooLong."""
    words = [written(text, most=WORDS) if text.strip() else None for text in (reason, next_step)]
    if any(words):
        step.sealed = sealing.closed("candidate", orjson.dumps(words), bound_to=step.id.bytes)


async def latest(candidate_ids: Sequence[UUID]) -> list[Step | None]:
    """What was done last about each."""
    found = {step.candidate_id: step for (step,) in await LATEST.rows(ids=candidate_ids)}
    return [found.get(id) for id in candidate_ids]


async def of(candidate_ids: Sequence[UUID], *, page: Page) -> list[Connection[Step]]:
    """What was done about each candidate, the latest first."""
    return await OF_CANDIDATE.read(candidate_ids, page)
