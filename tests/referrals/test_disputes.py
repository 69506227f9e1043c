import asyncio

import pytest

from core import clock
from core.errors import Refused
from core.events import Event
from referrals import disputes
from referrals.candidates import Candidate
from referrals.claims import ClaimState, Referral
from referrals.disputes import Dispute
from referrals.openings import Insider
from tests.makers import a_key, a_person, node, send
from tests.referrals.makers import a_link, a_milestone, a_phone, an_hr, an_opening, applied


async def a_collision():
    """Ann, who was first, Ben, who was second, and their claims."""
    ann, ben, phone = await a_person(), await a_person(), a_phone()
    for person in (ann, ben):
        await applied(await a_link(by=person), phone=phone)
    claims = [await Referral.get(referrer_id=person.id) for person in (ann, ben)]
    return ann, ben, *claims


async def disputed(claim, by, words="I told her in March", key=None):
    sent = {"referral": node("referral", claim), "words": words, "key": key or a_key()}
    return await send("DisputeReferral", by=by, **sent)


async def decided(dispute, by, *, grant=True):
    id = node("referraldispute", dispute)
    return await send("DecideDispute", by=by, dispute=id, answer="We asked her.", grant=grant)


async def states():
    return {claim.referrer_id: claim.state for claim in await Referral.all()}


async def test_the_second_says_why_and_hr_sees_both_sides():
    ann, ben, _, claim = await a_collision()
    key = a_key()
    for _ in range(2):
        data = await disputed(claim, ben, key=key)
    assert data["referral"]["dispute"]["words"] == "I told her in March"
    assert b"March" not in (await Dispute.get()).sealed

    [edge] = (await send("Disputes", by=await an_hr()))["edges"]
    assert edge["node"]["words"] == "I told her in March"
    assert edge["node"]["referral"]["referrer"]["name"] == ben.name
    assert edge["node"]["standing"]["referrer"]["name"] == ann.name


async def test_hr_hands_the_candidate_over():
    ann, ben, _, claim = await a_collision()
    await disputed(claim, ben)
    data = await decided(await Dispute.get(), await an_hr())

    assert (data["referralDispute"]["granted"], data["referralDispute"]["answer"]) == (
        True,
        "We asked her.",
    )
    assert await states() == {ann.id: ClaimState.LOST, ben.id: ClaimState.LIVE}
    event = await Event.get(name="dispute.decided")
    assert (event.payload["referrer"], event.payload["rival"]) == (str(ben.id), str(ann.id))


async def test_hr_leaves_it_as_it_is():
    ann, ben, _, claim = await a_collision()
    await disputed(claim, ben)
    await decided(await Dispute.get(), await an_hr(), grant=False)
    assert await states() == {ann.id: ClaimState.LIVE, ben.id: ClaimState.TAKEN}
    [edge] = (await send("MyReferrals", by=ben))["referrals"]["edges"]
    assert edge["node"]["dispute"]["granted"] is False


async def test_a_refused_claim_may_be_disputed_too():
    opening, ann = await an_opening(), await a_person()
    link = await a_link(opening, by=ann)
    await Insider.create(opening_id=opening.id, person_id=ann.id)
    await applied(link)
    await disputed(await Referral.get(), ann, "I am no recruiter any more")
    await decided(await Dispute.get(), await an_hr())
    claim = await Referral.get()
    assert (claim.state, claim.refusal) == (ClaimState.LIVE, None)


async def test_what_stands_or_is_another_s_is_not_disputed():
    ann, ben, first, second = await a_collision()
    assert (await disputed(first, ann))["code"] == "NOTHING_TO_DISPUTE"
    assert (await disputed(second, ann))["code"] == "REFERRAL_NOT_FOUND"
    await disputed(second, ben)
    assert (await disputed(second, ben))["code"] == "DISPUTED_ALREADY"
    assert await Dispute.all().count() == 1


async def test_once_somebody_was_paid_there_is_nothing_to_dispute_or_decide():
    ann, ben, first, claim = await a_collision()
    await disputed(claim, ben)
    candidate = await Candidate.get(id=claim.candidate_id)
    await a_milestone(candidate, reached_on=clock.business_date(), referral_id=first.id)
    assert (await decided(await Dispute.get(), await an_hr()))["code"] == "DISPUTE_DECIDED"
    assert await states() == {ann.id: ClaimState.LIVE, ben.id: ClaimState.TAKEN}
    assert (await Dispute.get()).decided_at is None


async def test_nobody_decides_about_their_own():
    ann, ben, _, claim = await a_collision()
    await disputed(claim, ben)
    for party in (ann, ben):
        party.grants = (await an_hr()).grants
        await party.save()
        assert (await decided(await Dispute.get(), party))["code"] == "OWN_DISPUTE"
    assert (await Dispute.get()).decided_at is None


@pytest.mark.committed
@pytest.mark.only("postgres")
async def test_of_many_decisions_at_once_one_counts():
    *_, claim = await a_collision()
    ben = claim.referrer_id
    dispute = await Dispute.create(referral_id=claim.id, sealed=b"", made_at=claim.claimed_at)
    everybody = [await an_hr() for _ in range(8)]

    async def decide(number):
        try:
            await disputes.decide(
                dispute.id, grant=number % 2 == 0, answer="Yes", by=everybody[number]
            )
        except Refused as refused:
            return refused.code
        return "DONE"

    heard = await asyncio.gather(*(decide(number) for number in range(8)))
    assert sorted(heard) == ["DISPUTE_DECIDED"] * 7 + ["DONE"]
    assert list((await states()).values()).count(ClaimState.LIVE) == 1
    assert ((await states())[ben] is ClaimState.LIVE) is (await Dispute.get()).granted
