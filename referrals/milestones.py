"""Milestones: hired, here for 90 days, here for a year; each pays once.

They follow from the dates of the staff files, read when they are due: a corrected date moves what
is still to come, and what was paid stays. They belong to the employment that the referral led to:
who leaves and is hired again reaches none of those left.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from core import clock, events
from core.database import inserts, sql
from core.database.sql import Statement
from core.people import Person
from core.personnel.employments import PastEmployment
from core.transactions import transaction
from referrals import claims
from referrals.candidates import Candidate
from referrals.claims import Referral

AT_ONCE = 200
DAYS = 90


class MilestoneKind(StrEnum):
    HIRED = "HIRED"
    DAYS_90 = "DAYS_90"
    YEAR_1 = "YEAR_1"


class Milestone(Model):
    """One of somebody who was brought, to come or reached."""

    id = fields.UUIDField(primary_key=True)
    person_id: UUID = fields.UUIDField()
    candidate: fields.ForeignKeyRelation[Candidate] = fields.ForeignKeyField("models.Candidate")
    candidate_id: UUID
    kind = fields.CharEnumField(MilestoneKind, max_length=10)
    reached_on: date | None = fields.DateField(null=True)
    referral: fields.ForeignKeyNullableRelation[Referral] = fields.ForeignKeyField(
        "models.Referral", null=True, description="for which it paid, if there was one"
    )
    referral_id: UUID | None
    points = fields.IntField(default=0, description="that it paid")

    class Meta:
        table = "milestone"
        unique_together = (("person_id", "kind"), ("candidate", "kind"))
        indexes = (("reached_on", "kind"), ("referral_id",))


DUE = """
    SELECT milestone.* FROM milestone
    JOIN person ON person.id = milestone.person_id
    JOIN candidate ON candidate.id = milestone.candidate_id
    WHERE milestone.reached_on IS NULL AND milestone.kind = :kind
    AND candidate.stage = 'HIRED' AND person.hired_on <= :latest
    AND (person.left_on IS NULL OR {days} > :wait)
    AND NOT EXISTS (
        SELECT 1 FROM past_employment AS past
        WHERE past.person_id = person.id AND past.hired_on > {applied} AND {past_days} <= :wait
    )
    ORDER BY person.hired_on, milestone.id LIMIT :most
"""
#: Not reached as yet by people who have been here for long enough, nor missed by leaving before.
WAITING = Statement(
    DUE.format(
        days="person.left_on - person.hired_on",
        past_days="past.left_on - past.hired_on",
        applied="candidate.applied_at::date",
    ),
    Milestone,
    sqlite=DUE.format(
        days="julianday(person.left_on) - julianday(person.hired_on)",
        past_days="julianday(past.left_on) - julianday(past.hired_on)",
        applied="date(candidate.applied_at)",
    ),
)
WAIT = {MilestoneKind.HIRED: 0, MilestoneKind.DAYS_90: DAYS, MilestoneKind.YEAR_1: 365}  # days


class Employment(NamedTuple):
    """The one that a referral led to."""

    hired_on: date
    left_on: date | None

    @property
    def is_over(self) -> bool:
        return self.ends_before(clock.business_date())

    def reaches(self, kind: MilestoneKind) -> bool:
        """As of today: whoever left before does not."""
        on = day(kind, self.hired_on)
        return on <= clock.business_date() and not self.ends_before(on)

    def ends_before(self, on: date) -> bool:
        return self.left_on is not None and self.left_on <= on


def day(kind: MilestoneKind, hired_on: date) -> date:
    """On which it is reached; of a year, after the 29th of February on the 1st of March."""
    if kind is MilestoneKind.HIRED:
        return hired_on
    if kind is MilestoneKind.DAYS_90:
        return hired_on + timedelta(days=DAYS)
    try:
        return hired_on.replace(year=hired_on.year + 1)
    except ValueError:
        return date(hired_on.year + 1, 3, 1)


def promised(referral: Referral, kind: MilestoneKind) -> int:
    """In points."""
    return {
        MilestoneKind.HIRED: referral.hired_points,
        MilestoneKind.DAYS_90: referral.day_90_points,
        MilestoneKind.YEAR_1: referral.year_1_points,
    }[kind]


async def expect(candidate: Candidate, person_id: UUID) -> None:
    """From now on they may be reached; belongs into the transaction that finds who it is."""
    for kind in MilestoneKind:
        await inserts.added(
            Milestone(id=uuid4(), person_id=person_id, candidate_id=candidate.id, kind=kind)
        )


async def expect_no_more(candidate: Candidate) -> None:
    await Milestone.filter(candidate_id=candidate.id, reached_on__isnull=True).delete()


async def reach_due() -> None:
    """Due work: whatever was reached until today is paid, by whichever process comes first."""
    for kind in MilestoneKind:
        latest = clock.business_date() - timedelta(days=WAIT[kind])
        waiting = await WAITING.rows(kind=kind, latest=latest, wait=WAIT[kind], most=AT_ONCE)
        for (milestone,) in waiting:
            await _reach(milestone)


async def employments(candidates: Sequence[Candidate]) -> dict[UUID, Employment]:
    """What each candidate's application led to: the first one since; a later one does not count."""
    ids = [candidate.hired_person_id for candidate in candidates if candidate.hired_person_id]
    people = await sql.in_bulk(Person, ids)
    past = await PastEmployment.filter(person_id__in=ids).order_by("hired_on") if ids else []
    found: dict[UUID, Employment] = {}
    for candidate in candidates:
        since = clock.business_date(candidate.applied_at)
        id = candidate.hired_person_id
        theirs = [Employment(one.hired_on, one.left_on) for one in past if one.person_id == id]
        if id and (person := people[id]).hired_on:
            theirs.append(Employment(person.hired_on, person.left_on))
        later = [one for one in theirs if one.hired_on >= since]
        if later:
            found[candidate.id] = later[0]
    return found


async def of(referral_ids: Sequence[UUID]) -> dict[UUID, list[Milestone]]:
    """Those that each has reached, in the order in which they come."""
    rows = await Milestone.filter(referral_id__in=referral_ids)
    order = list(MilestoneKind).index
    rows.sort(key=lambda row: order(row.kind))
    return {id: [row for row in rows if row.referral_id == id] for id in referral_ids}


async def paid(candidate: Candidate) -> bool:
    """Whether anybody was paid for them."""
    return await Milestone.filter(candidate_id=candidate.id, referral_id__isnull=False).exists()


@transaction
async def _reach(milestone: Milestone) -> None:
    candidate = await Candidate.filter(id=milestone.candidate_id).select_for_update().get()
    found = (await employments([candidate])).get(candidate.id)
    if found is None or not found.reaches(milestone.kind):
        return
    referral = await claims.live(candidate)
    milestone.reached_on = day(milestone.kind, found.hired_on)
    milestone.points = promised(referral, milestone.kind) if referral else 0
    milestone.referral_id = referral.id if referral else None
    if await _is_first(milestone) and referral:
        await _tell(milestone, referral)


async def _is_first(milestone: Milestone) -> bool:
    still = Milestone.filter(id=milestone.id, reached_on__isnull=True)
    columns = ("reached_on", "points", "referral_id")
    return bool(await still.update(**{name: getattr(milestone, name) for name in columns}))


async def _tell(milestone: Milestone, referral: Referral) -> None:
    await events.record(
        "referral.milestone_reached",
        referral=referral.id,
        milestone=milestone.kind,
        referrer=referral.referrer_id,
        points=milestone.points,
    )
