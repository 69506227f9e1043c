from datetime import timedelta

import pytest

from core import clock, phones
from core.events import Event
from core.people import Grants, Person
from core.personnel.employments import PastEmployment
from referrals import disputes, hires, milestones, stages
from referrals.bars import ClaimRefusal
from referrals.candidates import Candidate, Stage
from referrals.claims import ClaimState, Referral
from referrals.disputes import Dispute
from referrals.milestones import Milestone
from referrals.openings import Insider
from referrals.stages import Move
from tests.makers import a_key, a_person
from tests.referrals.makers import a_candidate, a_link, a_phone, an_hr, an_opening, applied


def day(days: int):
    return clock.business_date() + timedelta(days=days)


async def hire(candidate: Candidate, person: Person) -> None:
    hr = await an_hr()
    await stages.move(candidate.id, Move(Stage.HIRED), by=hr)
    await hires.match(candidate.id, person.number, by=hr)
    await milestones.reach_due()


async def worked_here_before(person: Person) -> None:
    past = {"hired_on": day(-900), "left_on": day(-500), "department": ""}
    await PastEmployment.create(person_id=person.id, hire_channel="CAMPUS", **past)


async def standing() -> tuple[ClaimState, ClaimRefusal | None]:
    claim = await Referral.get()
    return claim.state, claim.refusal


@pytest.mark.parametrize("typed", ["b-00071", " B-00 071", "Ｂ－０００７１"])
async def test_an_old_employee_number_is_recognised_however_it_is_typed(typed):
    await a_person(number="B-00071")
    await applied(await a_link(), former_number=typed)
    assert await standing() == (ClaimState.REFUSED, ClaimRefusal.STAFF)


@pytest.mark.parametrize("typed", ["13800000071", "+86 138-0000-0071", "１３８００００００７１"])
async def test_ones_own_phone_is_recognised_however_it_is_typed(typed):
    ann = await a_person(phone="+8613800000071")
    link = await a_link(by=ann)
    await applied(link, phone="+8613800000071", former_number="")
    assert await standing() == (ClaimState.REFUSED, ClaimRefusal.OWN)
    assert phones.e164(typed) == ann.phone


async def test_who_left_and_was_hired_by_their_own_link_pays_themselves_nothing():
    ann = await a_person(hired_on=day(-300))
    candidate = await a_candidate(await a_link(by=ann))
    await PastEmployment.create(
        person_id=ann.id,
        hired_on=day(-300),
        left_on=day(-1),
        hire_channel="CAMPUS",
        department="",
    )
    await Person.filter(id=ann.id).update(hired_on=day(0))

    await hire(candidate, ann)

    assert await standing() == (ClaimState.REFUSED, ClaimRefusal.OWN)
    assert await Event.filter(name="referral.refused").count() == 1
    assert not await Event.filter(name="referral.milestone_reached").exists()


async def test_who_comes_back_and_said_nothing_of_it_was_brought_by_nobody():
    candidate, person = await a_candidate(), await a_person(hired_on=day(0))
    await worked_here_before(person)

    await hire(candidate, person)

    assert await standing() == (ClaimState.REFUSED, ClaimRefusal.STAFF)
    assert not await Event.filter(name="referral.milestone_reached").exists()


async def test_hr_may_grant_that_somebody_is_brought_again():
    candidate, person = await a_candidate(), await a_person(hired_on=day(30))
    await worked_here_before(person)
    await hire(candidate, person)
    claim, hr = await Referral.get(), await an_hr()
    by = await Person.get(id=claim.referrer_id)
    await disputes.dispute(claim.id, "I talked her into it", by=by, key=a_key())
    await disputes.decide((await Dispute.get()).id, grant=True, answer="Indeed.", by=hr)

    assert await standing() == (ClaimState.LIVE, None)
    with clock.set_to(clock.now() + timedelta(days=31)):
        await milestones.reach_due()
    assert (await Milestone.get(kind="HIRED")).referral_id == claim.id


async def test_what_hr_granted_before_stands_when_they_are_hired():
    person = await a_person(hired_on=day(-900), left_on=day(-500), phone=a_phone())
    candidate = await a_candidate(phone=person.phone)
    claim = await Referral.get()
    by = await Person.get(id=claim.referrer_id)
    await disputes.dispute(claim.id, "Two years later", by=by, key=a_key())
    await disputes.decide((await Dispute.get()).id, grant=True, answer="Yes.", by=await an_hr())
    await worked_here_before(person)
    await Person.filter(id=person.id).update(hired_on=day(0), left_on=None)

    await hire(candidate, person)

    assert await standing() == (ClaimState.LIVE, None)
    assert (await Milestone.get(kind="HIRED")).referral_id == claim.id


async def test_who_decides_about_one_job_gets_nothing_by_bringing_for_another():
    recruiter, phone, other = await a_person(grants=Grants.HR), a_phone(), await an_opening()
    await Insider.create(opening_id=other.id, person_id=recruiter.id)
    await a_candidate(await a_link(by=recruiter), phone=phone)
    taken = await a_candidate(await a_link(other), phone=phone)

    await hire(taken, await a_person(hired_on=day(0)))

    claim = await Referral.get(referrer_id=recruiter.id)
    assert (claim.state, claim.refusal) == (ClaimState.REFUSED, ClaimRefusal.INSIDER)
    assert not await Event.filter(name="referral.milestone_reached").exists()


async def test_whoever_was_first_is_shown_the_job_that_their_friend_got():
    ann, phone, other = await a_person(), a_phone(), await an_opening()
    await a_candidate(await a_link(by=ann), phone=phone)
    taken = await a_candidate(await a_link(other), phone=phone)

    await hire(taken, await a_person(hired_on=day(0)))

    claim = await Referral.get(referrer_id=ann.id)
    assert (claim.state, claim.candidate_id) == (ClaimState.LIVE, taken.id)
    assert (await Milestone.get(kind="HIRED")).referral_id == claim.id
