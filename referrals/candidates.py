"""Candidates: who applied for an opening. What names them is sealed, and erased in time."""

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import NamedTuple
from uuid import UUID

import orjson
from tortoise import fields
from tortoise.models import Model

from core import audit, clock, events, settings
from core.crypto import keys, sealing
from core.crypto.resealing import Sealed
from core.errors import NotFound
from core.people import Person
from core.text import Language, Text
from core.transactions import transaction
from referrals.links import Link
from referrals.openings import Opening

CONSENT = 1  # version of what candidates agree to; one more whenever it changes


class Stage(StrEnum):
    APPLIED = "APPLIED"
    SCREENING = "SCREENING"
    INTERVIEW = "INTERVIEW"
    OFFER = "OFFER"
    HIRED = "HIRED"
    DECLINED = "DECLINED"
    WITHDRAWN = "WITHDRAWN"


class CoarseStage(StrEnum):
    """As much as whoever brought a candidate is told, where the candidate agreed."""

    RECEIVED = "RECEIVED"
    IN_PROGRESS = "IN_PROGRESS"
    HIRED = "HIRED"
    CLOSED = "CLOSED"


COARSE = {
    Stage.APPLIED: CoarseStage.RECEIVED,
    Stage.SCREENING: CoarseStage.IN_PROGRESS,
    Stage.INTERVIEW: CoarseStage.IN_PROGRESS,
    Stage.OFFER: CoarseStage.IN_PROGRESS,
    Stage.HIRED: CoarseStage.HIRED,
    Stage.DECLINED: CoarseStage.CLOSED,
    Stage.WITHDRAWN: CoarseStage.CLOSED,
}


class Details(NamedTuple):
    """Who a candidate is, in their own words."""

    name: str
    phone: str  # E.164
    former_number: str = ""  # of an earlier employment here


class Candidate(Model):
    id = fields.UUIDField(primary_key=True)
    opening: fields.ForeignKeyRelation[Opening] = fields.ForeignKeyField("models.Opening")
    opening_id: UUID
    link: fields.ForeignKeyRelation[Link] = fields.ForeignKeyField("models.Link")
    link_id: UUID
    phone_hash = fields.CharField(
        max_length=64, null=True, db_index=True, description="keyed; null: erased"
    )
    sealed: bytes | None = fields.BinaryField(null=True, description="their details")
    resume_name = fields.CharField(max_length=50, null=True, description="of an encrypted file")
    resume_key: bytes | None = fields.BinaryField(null=True, description="of that file, sealed")
    secret = fields.CharField(
        max_length=64, unique=True, null=True, description="hash of what opens their own page"
    )
    proof = fields.CharField(
        max_length=64, null=True, description="keyed hash of the form that opened it last"
    )
    reference = fields.CharField(
        max_length=200, unique=True, null=True, description="their id in another system"
    )
    language: Language = fields.CharField(max_length=5)  # type: ignore[assignment]  # one of three
    shares_stage = fields.BooleanField(description="whether they agreed to, which is apart")
    consent_version = fields.SmallIntField()
    stage = fields.CharEnumField(Stage, max_length=10, default=Stage.APPLIED)
    stage_moved_at: datetime = fields.DatetimeField()
    interview_at: datetime | None = fields.DatetimeField(null=True)
    interview_place = fields.CharField(max_length=160, default="")
    hired_person_id: UUID | None = fields.UUIDField(
        null=True, unique=True, description="who they are here since"
    )
    applied_at: datetime = fields.DatetimeField()
    erase_on: date = fields.DateField(db_index=True)
    erased_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "candidate"
        unique_together = ("opening", "phone_hash")
        indexes = (
            ("link_id",),
            ("opening_id", "stage", "applied_at", "id"),
            ("stage", "stage_moved_at"),
        )

    @property
    def coarse_stage(self) -> CoarseStage:
        return COARSE[self.stage]

    @property
    def has_resume(self) -> bool:
        return self.resume_name is not None

    @property
    def details(self) -> Details | None:
        """None once they are erased. Whoever shows it to a colleague records that: `read`."""
        if self.sealed is None:
            return None
        opened = sealing.opened("candidate", self.sealed, bound_to=self.id.bytes)
        return Details(*orjson.loads(opened))


SEALED = [
    Sealed(Candidate, "sealed", "candidate", lambda candidate: candidate.id.bytes),
    Sealed(Candidate, "resume_key", "candidate", lambda candidate: candidate.id.bytes),
]


class CandidateNotFound(NotFound):
    text = Text(
        "This application is not here any more.",
        "找不到这份申请。",
        "找不到這份應徵資料。",
    )


async def read(candidates: Sequence[Candidate], *, by: Person) -> list[Details | None]:
    """Who they are, for a colleague whose task it is; that they looked is recorded first."""
    if looked := sorted(candidate.id.hex for candidate in candidates if candidate.sealed):
        await audit.record("candidates.read", by=by.id, candidates=" ".join(looked))
    return [candidate.details for candidate in candidates]


async def own(secret: str) -> Candidate:
    """The one way of candidates to what is theirs. Raises CandidateNotFound."""
    candidate = await Candidate.get_or_none(secret=hashed(secret), erased_at__isnull=True)
    if candidate is None:
        raise CandidateNotFound
    return candidate


@transaction
async def withdraw(candidate: Candidate) -> None:
    """Candidates step back, as long as nothing is decided; twice is once."""
    going = [stage for stage in Stage if COARSE[stage] is not CoarseStage.CLOSED]
    standing = Candidate.filter(id=candidate.id, stage__in=set(going) - {Stage.HIRED})
    now = {"stage": Stage.WITHDRAWN, "stage_moved_at": clock.now(), "erase_on": erased_on()}
    if await standing.update(**now):
        await events.record("candidate.withdrew", candidate=candidate.id)


@transaction
async def share_stage(candidate: Candidate, *, agreed: bool) -> None:
    """Let the friend who brought one see a coarse stage, or no more."""
    changed = Candidate.filter(id=candidate.id, shares_stage=not agreed)
    if await changed.update(shares_stage=agreed):
        await events.record("candidate.chose", candidate=candidate.id, shares_stage=agreed)


def phone_hash(phone: str) -> str:
    """What a phone is recognised by. The phone is spelled as E.164."""
    return hmac.new(keys.secret("contact"), phone.encode(), "sha256").hexdigest()


def sealed(candidate_id: UUID, details: Details) -> bytes:
    return sealing.closed("candidate", orjson.dumps([*details]), bound_to=candidate_id.bytes)


def secret(candidate: Candidate) -> str:
    """What opens a candidate's own page, always the same."""
    made = hmac.new(keys.secret("contact"), candidate.id.bytes, "sha256").digest()
    return urlsafe_b64encode(made[:24]).decode()


def hashed(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


def erased_on() -> date:
    """Until when what is stored now is kept, unless something happens."""
    return clock.business_date() + timedelta(days=settings.current().candidate_days)
