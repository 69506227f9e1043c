"""Hires: which colleague a candidate has become, so that milestones know whose dates to read."""

from uuid import UUID

from tortoise.exceptions import IntegrityError

from core import audit, clock
from core.errors import Conflict, NotFound
from core.events import Event
from core.people import NUMBER, Person
from core.text import Text
from core.transactions import transaction
from referrals import bars, candidates, claims, disputes, milestones, stages
from referrals.bars import ClaimRefusal
from referrals.candidates import Candidate, Stage
from referrals.claims import Referral
from referrals.steps import Source

COMING = (Stage.OFFER, Stage.HIRED)


class NumberNotFound(NotFound):
    text = Text(
        "Nobody has the employee number {number}.",
        "没有工号为 {number} 的员工。",
        "沒有員工編號為 {number} 的員工。",
    )


class HiredBefore(Conflict):
    text = Text(
        "This colleague was hired before the candidate applied.",
        "这位同事在候选人申请之前就已入职。",
        "這位同事在候選人應徵之前就已到職。",
    )


class AlreadyMatched(Conflict):
    text = Text(
        "This candidate, or this colleague, is matched already.",
        "该候选人或该同事已经匹配过了。",
        "該候選人或該同事已經配對過了。",
    )


class NotHired(Conflict):
    text = Text(
        "Move the candidate to “hired” first.",
        "请先将候选人移至“已录用”。",
        "請先將候選人移至「已錄用」。",
    )


@transaction
async def match(candidate_id: UUID, number: str, *, by: Person) -> Candidate:
    """Say by the employee number who a hired candidate is.

    Raises CandidateNotFound, OwnReferral, NotHired, NumberNotFound, HiredBefore, AlreadyMatched.
    """
    candidate = await stages.held(candidate_id, by=by)
    if candidate.stage is not Stage.HIRED:
        raise NotHired
    number = number.strip()
    person = await Person.get_or_none(number=number) if len(number) <= NUMBER else None
    if person is None:
        raise NumberNotFound(number=number)
    if not _came_after(person, candidate):
        raise HiredBefore
    if not await _matched(candidate, person):
        raise AlreadyMatched
    await audit.record("candidate.matched", by=by.id, about=candidate.id, person=person.id)
    return candidate


async def arrive(event: Event) -> None:
    """Subscriber: somebody was hired; perhaps a candidate with the same phone is expected."""
    person = await Person.get_or_none(id=UUID(event.payload["person"]))
    if person is None or person.phone is None:
        return
    hash = candidates.phone_hash(person.phone)
    coming = Candidate.filter(phone_hash=hash, stage__in=COMING, hired_person_id__isnull=True)
    for candidate in await coming.order_by("applied_at", "id"):
        if _came_after(person, candidate):
            await _arrive(candidate, person)
            return


async def settle(event: Event) -> None:
    """Subscriber: a candidate moved, to "hired" or away from it."""
    candidate = await Candidate.get(id=UUID(event.payload["candidate"]))
    if candidate.stage is not Stage.HIRED:
        await _part(candidate)
    elif candidate.hired_person_id is None and (details := candidate.details):
        people = [
            person
            for person in await Person.filter(phone=details.phone, hired_on__isnull=False)
            if _came_after(person, candidate)
        ]
        if len(people) == 1:
            await _matched(candidate, people[0])


@transaction
async def _arrive(candidate: Candidate, person: Person) -> None:
    if not await _matched(candidate, person):
        return
    await stages.follow(candidate.id, Stage.HIRED, Source.STAFF_FILE, at=clock.now())


async def _matched(candidate: Candidate, person: Person) -> bool:
    """Whether nobody had matched either of them before."""
    try:
        return await _match(candidate, person)
    except IntegrityError:
        return False


@transaction
async def _match(candidate: Candidate, person: Person) -> bool:
    single = Candidate.filter(id=candidate.id, hired_person_id__isnull=True)
    if not await single.update(hired_person_id=person.id):
        return False
    candidate.hired_person_id = person.id
    await milestones.expect(candidate, person.id)
    await _settle_claim(candidate, person)
    return True


async def _settle_claim(candidate: Candidate, person: Person) -> None:
    """Whether it counts is looked at again, now that it is known who they are."""
    claim = await claims.live(candidate)
    if claim is None:
        return
    if why := await _bar(claim, candidate, person):
        await claims.refuse(claim, why)
    else:
        await claims.put_about(claim, candidate)


async def _bar(claim: Referral, candidate: Candidate, person: Person) -> ClaimRefusal | None:
    """HR may have granted that somebody is brought again, but nobody by themselves."""
    elsewhere = claim.candidate_id != candidate.id
    if elsewhere and await bars.decides(candidate.opening_id, claim.referrer_id):
        return ClaimRefusal.INSIDER
    why = await bars.hired(candidate, person, claim.referrer_id)
    is_granted = why is ClaimRefusal.STAFF and await disputes.is_granted(claim.id)
    return None if is_granted else why


@transaction
async def _part(candidate: Candidate) -> None:
    if (
        await Candidate.filter(id=candidate.id)
        .exclude(stage=Stage.HIRED)
        .update(hired_person_id=None)
    ):
        await milestones.expect_no_more(candidate)


def _came_after(person: Person, candidate: Candidate) -> bool:
    applied_on = clock.business_date(candidate.applied_at)
    return person.hired_on is not None and person.hired_on >= applied_on
