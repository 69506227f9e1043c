"""The least that is valid of openings, links and those who apply."""

from datetime import timedelta
from itertools import count
from typing import Any
from uuid import uuid4

from core import clock
from core.identity import sms_codes
from core.identity.codes import keyed
from core.identity.sms_codes import SmsCode
from core.people import Grants, Person
from referrals import applications, candidates, links, openings
from referrals.applications import Application
from referrals.candidates import Candidate
from referrals.links import Link, ShareChannel
from referrals.milestones import Milestone, MilestoneKind
from referrals.openings import Draft, Opening
from tests.makers import a_key, a_person

CODE = "123456"

phones = count(13_900_000_000)


def a_draft(**given: Any) -> Draft:
    least = {
        "title": "Night shift agent",
        "site": "Chengdu",
        "team": "Refunds",
        "about": "You answer callers who want their money back.",
        "contact": "Wu Min, 028 5550 1234",
        "language": "en",
        "pay_from": 5000,
        "pay_to": 7000,
        "hired_points": 50,
        "day_90_points": 200,
        "year_1_points": 500,
    }
    return Draft(**least | given)


async def an_hr() -> Person:
    return await a_person(grants=Grants.HR)


async def an_opening(**given: Any) -> Opening:
    return await openings.create(a_draft(**given), by=await an_hr(), key=a_key())


async def a_link(
    opening: Opening | None = None,
    *,
    by: Person | None = None,
    channel: ShareChannel = ShareChannel.WECHAT,
    shows_name: bool = False,
) -> Link:
    opening, sharer = opening or await an_opening(), by or await a_person()
    return await links.share(opening.id, channel, by=sharer, shows_name=shows_name)


def a_phone() -> str:
    return f"+86{next(phones)}"


async def a_code(phone: str) -> str:
    """A code that was sent to the phone of somebody who applies."""
    key = keyed("applicant", phone)
    until = clock.now() + sms_codes.LASTS + timedelta(seconds=1)
    kept = {"code": keyed(key, CODE), "tries": 0, "expires_at": until}
    await SmsCode.update_or_create(phone=key, defaults=kept)
    return CODE


async def applied(link: Link, *, phone: str | None = None, **given: Any) -> str:
    """Somebody applies by this link; the secret of their own page."""
    phone = phone or a_phone()
    said = {"name": "Wang Fang", "phone": phone, "shares_stage": True, "language": "en"} | given
    return await applications.apply(link.code, Application(**said), sms_code=await a_code(phone))


async def a_candidate(link: Link | None = None, **given: Any) -> Candidate:
    return await candidates.own(await applied(link or await a_link(), **given))


async def a_milestone(candidate: Candidate, **given: Any) -> Milestone:
    least = {"id": uuid4(), "person_id": uuid4(), "kind": MilestoneKind.HIRED}
    return await Milestone.create(candidate_id=candidate.id, **least | given)
