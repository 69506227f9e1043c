"""Applications: a candidate agrees, says who they are and confirms their phone."""

from dataclasses import dataclass

from core import clock, events, phones
from core.database import inserts
from core.identity import sms_codes
from core.text import Language
from core.transactions import transaction
from core.writing import written
from referrals import candidates, claims, links
from referrals.candidates import CONSENT, Candidate, CandidateNotFound, Details, Stage
from referrals.links import Link
from referrals.openings import Opening, OpeningNotOpen, OpeningState

NAME, NUMBER = 40, 40  # characters


@dataclass(frozen=True, slots=True)
class Application:
    """What a candidate says, having agreed that it is stored."""

    name: str
    phone: str
    shares_stage: bool
    language: Language
    former_number: str = ""


async def apply(code: str, application: Application, *, sms_code: str) -> str:
    """The secret of the candidate's own page. Raises LinkNotFound, OpeningNotOpen, WrongCode."""
    link, opening = await links.reached(code)
    details = _details(application)
    async with sms_codes.tried(details.phone, of="applicant") as phone:
        return await _apply(link, opening, details._replace(phone=phone), application, sms_code)


async def come_back(code: str, phone: str, *, sms_code: str) -> str:
    """The secret of the page of who has applied. Raises CandidateNotFound, WrongCode."""
    link, _ = await links.reached(code)
    async with sms_codes.tried(phones.e164(phone), of="applicant") as tried:
        return await _come_back(link, tried, sms_code)


@transaction
async def _come_back(link: Link, phone: str, sms_code: str) -> str:
    await sms_codes.spend(phone, sms_code, of="applicant")
    hash = candidates.phone_hash(phone)
    known = await Candidate.get_or_none(opening_id=link.opening_id, phone_hash=hash)
    if known is None:
        raise CandidateNotFound
    await _remember(known)
    return candidates.secret(known)


@transaction
async def _apply(
    link: Link, opening: Opening, details: Details, application: Application, sms_code: str
) -> str:
    await sms_codes.spend(details.phone, sms_code, of="applicant")
    candidate = _candidate(link, details, application)
    if opening.state is OpeningState.OPEN and await inserts.added(candidate):
        await events.record("candidate.applied", candidate=candidate.id, opening=opening.id)
    else:
        candidate = await _again(candidate)
    await claims.claim(candidate, link, details)
    return candidates.secret(candidate)


async def _again(candidate: Candidate) -> Candidate:
    """Who has applied already goes on where they were. Raises OpeningNotOpen."""
    same = Candidate.filter(opening_id=candidate.opening_id, phone_hash=candidate.phone_hash)
    known = await same.first()
    if known is None:
        raise OpeningNotOpen
    await _remember(known)
    again = {"stage": Stage.APPLIED, "stage_moved_at": clock.now()}
    if await same.filter(stage=Stage.WITHDRAWN).update(**again, erase_on=candidate.erase_on):
        await events.record("candidate.returned", candidate=known.id, opening=known.opening_id)
    return known


async def _remember(candidate: Candidate) -> None:
    """Their page, also if a new key has made its secret another one."""
    secret = candidates.hashed(candidates.secret(candidate))
    await Candidate.filter(id=candidate.id).update(secret=secret)


def _details(application: Application) -> Details:
    """Raises NotAPhone, NothingWritten or TooLong."""
    return Details(
        written(application.name, most=NAME),
        phones.e164(application.phone),
        application.former_number.strip()[:NUMBER],
    )


def _candidate(link: Link, details: Details, application: Application) -> Candidate:
    candidate = Candidate(
        opening_id=link.opening_id,
        link_id=link.id,
        phone_hash=candidates.phone_hash(details.phone),
        language=application.language,
        shares_stage=application.shares_stage,
        consent_version=CONSENT,
        stage_moved_at=clock.now(),
        applied_at=clock.now(),
        erase_on=candidates.erased_on(),
    )
    candidate.sealed = candidates.sealed(candidate.id, details)
    candidate.secret = candidates.hashed(candidates.secret(candidate))
    return candidate
