import asyncio
from datetime import timedelta

import pytest

from core import clock
from core.events import Event
from core.identity.codes import WrongCode, keyed
from core.identity.sms_codes import SmsCode
from core.people import Person
from core.transactions import transaction
from referrals import announcements, applications, claims
from referrals.applications import Application
from referrals.bars import ClaimRefusal
from referrals.candidates import Candidate, Stage
from referrals.claims import ClaimState, Referral
from referrals.links import Link, ShareChannel
from referrals.openings import Insider
from tests.makers import a_person, send
from tests.referrals.makers import (
    CODE,
    a_candidate,
    a_code,
    a_link,
    a_phone,
    an_opening,
    applied,
)


async def told(name: str) -> list[str]:
    return [event.payload["referrer"] for event in await Event.filter(name=name)]


async def test_who_brings_a_candidate_first_has_the_claim_and_its_promise():
    ann = await a_person()
    soon = clock.business_date() + timedelta(days=3)
    opening = await an_opening(extra_factor=2, extra_until=soon, extra_for="night shift")
    candidate = await a_candidate(await a_link(opening, by=ann))

    claim = await Referral.get()
    assert (claim.state, claim.referrer_id, claim.candidate_id) == (
        ClaimState.LIVE,
        ann.id,
        candidate.id,
    )
    assert (claim.hired_points, claim.day_90_points, claim.year_1_points) == (100, 400, 1000)
    assert claim.owned_until == clock.business_date() + timedelta(days=180)
    assert await told("referral.claimed") == [str(ann.id)]
    event = await Event.get(name="candidate.applied")
    assert event.payload == {"candidate": str(candidate.id), "opening": str(opening.id)}


async def test_the_second_to_bring_them_is_told_that_they_came_too_late():
    ann, ben, phone = await a_person(), await a_person(), a_phone()
    first, second = await a_link(by=ann), await a_link(by=ben)

    await applied(first, phone=phone)
    await applied(second, phone=phone)

    states = {claim.referrer_id: claim.state for claim in await Referral.all()}
    assert states == {ann.id: ClaimState.LIVE, ben.id: ClaimState.TAKEN}
    assert await told("referral.taken") == [str(ben.id)]
    assert await told("referral.claimed") == [str(ann.id)]


async def test_who_applies_again_for_the_same_job_goes_on_where_they_were():
    opening, phone = await an_opening(), a_phone()
    first = await applied(await a_link(opening), phone=phone, name="Wang Fang")
    again = await applied(await a_link(opening), phone=phone, name="Somebody else")

    assert again == first
    candidate = await Candidate.get()
    assert candidate.details.name == "Wang Fang"
    assert await Event.filter(name="candidate.applied").count() == 1


async def test_the_claim_is_about_the_latest_job_that_the_same_colleague_brought_them_for():
    ann, phone = await a_person(), a_phone()
    await applied(await a_link(by=ann), phone=phone)
    latest = await a_candidate(await a_link(by=ann), phone=phone)

    claim = await Referral.get()
    assert (claim.state, claim.candidate_id) == (ClaimState.LIVE, latest.id)
    assert not await told("referral.taken")


async def test_who_came_too_late_for_one_job_may_be_first_with_the_next():
    ann, ben, phone = await a_person(), await a_person(), a_phone()
    late, next_ = await a_link(by=ann), await a_link(by=ann)
    await applied(await a_link(by=ben), phone=phone)
    await applied(late, phone=phone)
    with clock.set_to(clock.now() + timedelta(days=181)):
        await applied(next_, phone=phone)
        await applied(late, phone=phone)

    states = [claim.state for claim in await Referral.filter(referrer_id=ann.id)]
    assert sorted(states) == [ClaimState.LIVE, ClaimState.TAKEN]


async def test_a_claim_lapses_after_its_window_and_the_next_one_counts():
    ann, ben, phone = await a_person(), await a_person(), a_phone()
    first, second = await a_link(by=ann), await a_link(by=ben)
    await applied(first, phone=phone)
    with clock.set_to(clock.now() + timedelta(days=181)):
        await claims.lapse()
        await claims.lapse()
        await applied(second, phone=phone)

    states = {claim.referrer_id: claim.state for claim in await Referral.all()}
    assert states == {ann.id: ClaimState.LAPSED, ben.id: ClaimState.LIVE}
    assert await told("referral.lapsed") == [str(ann.id)]


async def test_who_was_hired_stays_with_who_brought_them():
    candidate = await a_candidate()
    await Candidate.filter(id=candidate.id).update(stage=Stage.HIRED)
    with clock.set_to(clock.now() + timedelta(days=400)):
        await claims.lapse()
    assert (await Referral.get()).state is ClaimState.LIVE


async def test_nobody_is_brought_by_themselves():
    ann = await a_person(phone=a_phone())
    await applied(await a_link(by=ann), phone=ann.phone)

    claim = await Referral.get()
    assert (claim.state, claim.refusal) == (ClaimState.REFUSED, ClaimRefusal.OWN)
    assert await told("referral.refused") == [str(ann.id)]
    assert not await told("referral.claimed")


async def test_nobody_is_brought_by_themselves_under_a_new_phone_and_their_old_number():
    ann = await a_person(number="E7")
    await applied(await a_link(by=ann), former_number=" E7 ")
    assert (await Referral.get()).refusal is ClaimRefusal.OWN


@pytest.mark.parametrize("left", [None, -400])
async def test_nobody_is_brought_who_works_or_has_worked_here(left):
    left_on = left and clock.business_date() + timedelta(days=left)
    ben = await a_person(phone=a_phone(), left_on=left_on)
    await applied(await a_link(), phone=ben.phone)
    assert (await Referral.get()).refusal is ClaimRefusal.STAFF


async def test_a_refused_claim_leaves_room_for_one_that_counts():
    opening, ann = await an_opening(), await a_person()
    barred, phone = await a_link(opening, by=ann), a_phone()
    await Insider.create(opening_id=opening.id, person_id=ann.id)

    await applied(barred, phone=phone)
    await applied(await a_link(opening), phone=phone)

    found = {claim.state: claim.refusal for claim in await Referral.all()}
    assert found == {ClaimState.REFUSED: ClaimRefusal.INSIDER, ClaimState.LIVE: None}


async def test_a_link_of_somebody_who_left_claims_nothing():
    ann = await a_person()
    link = await a_link(by=ann)
    ann.left_on = clock.business_date()
    await ann.save()
    await applied(link)
    assert not await Referral.exists()
    assert await Candidate.all().count() == 1


async def test_without_the_code_from_the_phone_nothing_is_kept():
    link, phone = await a_link(), a_phone()
    await a_code(phone)
    said = Application("Wang Fang", phone, shares_stage=True, language="en")

    with pytest.raises(WrongCode):
        await applications.apply(link.code, said, sms_code="654321")

    assert not await Candidate.exists()
    assert not await Referral.exists()
    assert not await Event.filter(name__startswith="candidate.").exists()


async def test_a_code_for_signing_in_confirms_no_candidate():
    link, phone = await a_link(), a_phone()
    key = keyed("phone", phone)
    until = clock.now() + timedelta(minutes=5)
    await SmsCode.create(phone=key, code=keyed(key, CODE), expires_at=until)
    said = Application("Wang Fang", phone, shares_stage=True, language="en")
    with pytest.raises(WrongCode):
        await applications.apply(link.code, said, sms_code=CODE)


async def brought(by: Person) -> list[dict]:
    edges = (await send("MyReferrals", by=by))["referrals"]["edges"]
    return [edge["node"] for edge in edges]


async def test_who_brought_somebody_sees_a_coarse_stage_where_they_agreed():
    ann, opening = await a_person(), await an_opening()
    open_, closed = [await a_link(opening, by=ann, channel=one) for one in ShareChannel][:2]
    await applied(open_)
    await applied(closed, shares_stage=False)
    await Candidate.all().update(stage=Stage.DECLINED)

    seen = await brought(ann)
    assert [one["stage"] for one in seen] == [None, "CLOSED"]
    assert seen[0]["points"] == {"hired": 50, "day90": 200, "year1": 500}
    assert seen[0]["opening"]["title"] == "Night shift agent"
    assert seen[0]["claimedOn"] == clock.business_date().isoformat()


async def test_who_came_second_sees_that_and_nothing_of_the_candidate():
    ann, ben, phone = await a_person(), await a_person(), a_phone()
    for person in (ann, ben):
        await applied(await a_link(by=person), phone=phone)
    [seen] = await brought(ben)
    assert (seen["state"], seen["stage"]) == ("TAKEN", None)
    assert ann.id.hex not in str(seen)


async def test_a_refused_claim_does_not_say_why():
    colleague = await a_person(phone=a_phone())
    ann = await a_person()
    await applied(await a_link(by=ann), phone=colleague.phone)
    [seen] = await brought(ann)
    assert (seen["state"], seen["stage"]) == ("REFUSED", None)
    assert "STAFF" not in str(seen)


async def test_news_of_whom_one_brought_is_told_in_words_that_name_nobody():
    ann, ben, phone = await a_person(), await a_person(), a_phone()
    for person in (ann, ben):
        await applied(await a_link(by=person), phone=phone, name="Wang Fang")
    for _ in range(2):
        for event in await Event.filter(name__startswith="referral."):
            await announcements.tell(event)
    for person in (ann, ben):
        [notice] = (await send("Notices", by=person))["notices"]["edges"]
        assert notice["node"]["text"] == "There is news of somebody you brought."


@pytest.mark.committed
@pytest.mark.only("postgres")
async def test_of_fifty_who_bring_one_candidate_at_once_one_has_the_claim():
    opening, phone = await an_opening(), a_phone()
    everybody = [await a_link(opening) for _ in range(50)]
    candidate = await a_candidate(everybody[0], phone=phone)
    await Referral.all().delete()
    await Event.filter(name="referral.claimed").delete()

    @transaction
    async def claim(link: Link) -> None:
        await claims.claim(candidate, link, candidate.details)

    await asyncio.gather(*(claim(link) for link in everybody))

    states = [claim.state for claim in await Referral.all()]
    assert (states.count(ClaimState.LIVE), states.count(ClaimState.TAKEN)) == (1, 49)
    assert len(await told("referral.claimed")) == 1
    assert len(await told("referral.taken")) == 49
