"""Hook events: what was told of a candidate, once each; it waits until it is known of whom.

The candidate's own id in the other system is remembered as soon as that names it beside ours.
"""

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from tortoise import fields
from tortoise.exceptions import IntegrityError
from tortoise.expressions import Q
from tortoise.models import Model

from core import clock
from core.database import inserts
from core.database.sql import Statement
from core.transactions import transaction
from referrals import stages
from referrals.candidates import Candidate, CandidateNotFound, Stage
from referrals.steps import Source

LONGEST = 200  # characters of an id of another system
KEPT = timedelta(days=90)
AT_ONCE = 100


class HookEvent(Model):
    id = fields.CharField(max_length=LONGEST, primary_key=True, description="the system's own")
    received_at: datetime = fields.DatetimeField(db_index=True)
    reference = fields.CharField(
        max_length=LONGEST, null=True, db_index=True, description="of whom, while that is unknown"
    )
    stage = fields.CharEnumField(Stage, max_length=10, null=True)
    at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "hook_event"


class Told(NamedTuple):
    """An event with the stage in our words; of whom is said by our id, their id, or both."""

    event: str
    candidate_id: UUID | None
    reference: str | None
    stage: Stage
    at: datetime


#: What has waited, of candidates who are known by now: who were named at the same moment.
BELATED = Statement(
    """
    SELECT hook_event.*, candidate.* FROM hook_event
    JOIN candidate ON candidate.reference = hook_event.reference
    ORDER BY hook_event.at, hook_event.id LIMIT :most
    """,
    HookEvent,
    Candidate,
)


async def add(told: Told) -> bool:
    """Whether it is new."""
    now = clock.now()
    event = HookEvent(
        id=told.event, received_at=now, reference=told.reference, stage=told.stage, at=told.at
    )
    return await inserts.added(event)


async def settle(candidate_id: UUID, told: Told) -> bool:
    """Follow it, after whatever has waited; whether anything newer was known."""
    theirs = Q(id=told.event)
    if told.reference:
        theirs |= Q(reference=told.reference)
    waiting = await HookEvent.filter(theirs).order_by("at", "id")
    moved = {event.id: await _follow(candidate_id, event) for event in waiting}
    return moved[told.event]


async def catch_up() -> None:
    """Due work: where an event and the one that named its candidate came at the same moment."""
    for event, candidate in await BELATED.rows(most=AT_ONCE):
        await _catch_up(candidate, event)


async def candidate_id(reference: str | None) -> UUID | None:
    """Whom the other system calls so."""
    if reference is None:
        return None
    known = await Candidate.filter(reference=reference).first()
    return known.id if known else None


async def remember(candidate_id: UUID, reference: str) -> None:
    """What the other system calls them; what it said first stands. Raises CandidateNotFound."""
    try:
        await _remember(candidate_id, reference)
    except IntegrityError:
        return


@transaction
async def _remember(candidate_id: UUID, reference: str) -> None:
    standing = Candidate.filter(id=candidate_id, erased_at__isnull=True)
    if not await standing.exists():
        raise CandidateNotFound
    await standing.filter(reference__isnull=True).update(reference=reference)


@transaction
async def _catch_up(candidate: Candidate, event: HookEvent) -> None:
    await _follow(candidate.id, event)


async def _follow(candidate_id: UUID, event: HookEvent) -> bool:
    """Twice has the same effect as once: what is known already is no news."""
    await HookEvent.filter(id=event.id).update(reference=None, stage=None, at=None)
    if event.stage is None or event.at is None:
        return False
    return await stages.follow(candidate_id, event.stage, Source.SYSTEM, at=event.at)
