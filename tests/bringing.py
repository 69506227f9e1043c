"""What there is to do about friends: an opening, somebody brought, a claim that came too late."""

from collections.abc import Collection

from core.people import Person
from referrals import disputes, resumes
from referrals.claims import Referral
from referrals.disputes import Dispute
from referrals.resumes import Resume
from tests.makers import a_key, a_person, node
from tests.referrals.makers import a_link, a_phone, an_opening, applied

DRAFT = {
    "title": "Agent",
    "site": "Chengdu",
    "team": "Refunds",
    "about": "Calls",
    "contact": "Wu Min",
    "language": "en",
    "payFrom": 5000,
    "payTo": 7000,
    "hiredPoints": 50,
    "day90Points": 200,
    "year1Points": 500,
}


async def known(wanted: Collection[object], ann: Person) -> dict[str, str]:
    """For the variables of operations: Ann came second twice, and said so once; so did another."""
    if not {"opening", "brought", "dispute", "brings", "resume"} & {*map(str, wanted)}:
        return {}
    opening = await an_opening()
    brought = await _second(ann)
    other = await _second(await a_person())
    by = await Person.get(id=other.referrer_id)
    await disputes.dispute(other.id, "I told her in March", by=by, key=a_key())
    candidate = await other.candidate
    await resumes.keep(candidate, Resume(b"%PDF-1.7", ".pdf"))
    return {
        "resume": node("candidate", candidate),
        "opening": node("opening", opening),
        "brought": node("referral", brought),
        "dispute": node("referraldispute", await Dispute.get(referral_id=other.id)),
    }


async def _second(by: Person) -> Referral:
    phone = a_phone()
    for person in (await a_person(), by):
        await applied(await a_link(by=person), phone=phone)
    return await Referral.get(referrer_id=by.id)
