"""Erasures: what names a candidate goes, on their word or in time; that somebody applied stays."""

from typing import Any

from tortoise.expressions import Subquery

from core import clock, events
from core.people import Person
from core.transactions import transaction
from referrals import resumes
from referrals.candidates import COARSE, Candidate, CoarseStage, Stage
from referrals.claims import ClaimState, Referral
from referrals.disputes import Dispute
from referrals.steps import Step

AT_ONCE = 100

GOING = [stage for stage in Stage if COARSE[stage] is not CoarseStage.CLOSED]
NOTHING: dict[str, Any] = {
    "phone_hash": None,
    "sealed": None,
    "resume_name": None,
    "resume_key": None,
    "secret": None,
    "proof": None,
    "reference": None,
    "interview_at": None,
    "interview_place": "",
}


async def erase(candidate: Candidate) -> None:
    """At once, and for good; twice is once."""
    erased = await _erase(candidate)
    if erased and erased.resume_name:
        await resumes.drop(erased.resume_name)


async def erase_hired(person: Person) -> None:
    """Who was a candidate before they were a colleague, and is erased now."""
    for candidate in await Candidate.filter(hired_person_id=person.id):
        await erase(candidate)


async def erase_due() -> None:
    """Due work: who heard nothing new for as long as they were promised to be kept."""
    due = Candidate.filter(erase_on__lte=clock.business_date(), erased_at__isnull=True)
    for candidate in await due.order_by("erase_on", "id").limit(AT_ONCE):
        await erase(candidate)


@transaction
async def _erase(candidate: Candidate) -> Candidate | None:
    """As it was before."""
    standing = Candidate.filter(id=candidate.id, erased_at__isnull=True)
    known = await standing.select_for_update().first()
    if known is None or not await standing.update(**NOTHING, erased_at=clock.now()):
        return None
    undecided = Candidate.filter(id=candidate.id, stage__in={*GOING} - {Stage.HIRED})
    await undecided.update(stage=Stage.WITHDRAWN, stage_moved_at=clock.now())
    await Step.filter(candidate_id=candidate.id).update(sealed=None)
    await _silence(known)
    await _release(known)
    await events.record("candidate.erased", candidate=candidate.id)
    return known


async def _silence(candidate: Candidate) -> None:
    """What was written about them."""
    about = Referral.filter(candidate_id=candidate.id).values("id")
    await Dispute.filter(referral_id__in=Subquery(about)).update(sealed=None)
    await Step.filter(candidate_id=candidate.id).update(sealed=None)


async def _release(candidate: Candidate) -> None:
    """Nobody is recognised by their phone any more; who was hired stays brought by somebody."""
    claims = Referral.filter(candidate_id=candidate.id)
    if candidate.stage is not Stage.HIRED:
        await claims.filter(state=ClaimState.LIVE).update(state=ClaimState.ENDED)
    await claims.update(phone_hash=None)
