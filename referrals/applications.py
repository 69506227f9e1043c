"""Applications: a candidate agrees, says who they are and confirms their phone."""

from dataclasses import dataclass
from typing import NamedTuple

from core import clock, events, phones
from core.database import inserts
from core.identity import sms_codes
from core.identity.codes import WrongCode, bare, keyed
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


class Confirmation(NamedTuple):
    """With a ticket, sending the same again has the same answer, although the code is used up."""

    sms_code: str
    ticket: str = ""

    @property
    def proof(self) -> str | None:
        """What it is recognised by."""
        return keyed(f"proof:{self.ticket}", bare(self.sms_code)) if self.ticket else None


async def apply(code: str, application: Application, *, sms_code: str, ticket: str = "") -> str:
    """The secret of the candidate's own page. Raises LinkNotFound, OpeningNotOpen, WrongCode."""
    link, opening = await links.reached(code)
    details, by = _details(application), Confirmation(sms_code, ticket)
    try:
        async with sms_codes.tried(details.phone, of="applicant") as phone:
            return await _apply(link, opening, details._replace(phone=phone), application, by)
    except WrongCode:
        return await _answered(link, details.phone, by)


async def come_back(code: str, phone: str, *, sms_code: str, ticket: str = "") -> str:
    """The secret of the page of who has applied. Raises CandidateNotFound, WrongCode."""
    link, _ = await links.reached(code)
    phone, by = phones.e164(phone), Confirmation(sms_code, ticket)
    try:
        async with sms_codes.tried(phone, of="applicant") as tried:
            return await _come_back(link, tried, by)
    except WrongCode:
        return await _answered(link, phone, by)


@transaction
async def _come_back(link: Link, phone: str, by: Confirmation) -> str:
    await sms_codes.spend(phone, by.sms_code, of="applicant")
    hash = candidates.phone_hash(phone)
    known = await Candidate.get_or_none(opening_id=link.opening_id, phone_hash=hash)
    if known is None:
        raise CandidateNotFound
    return await _entered(known, by)


@transaction
async def _apply(
    link: Link, opening: Opening, details: Details, application: Application, by: Confirmation
) -> str:
    await sms_codes.spend(details.phone, by.sms_code, of="applicant")
    candidate = _candidate(link, details, application)
    if opening.state is OpeningState.OPEN and await inserts.added(candidate):
        await events.record("candidate.applied", candidate=candidate.id, opening=opening.id)
    else:
        candidate = await _again(candidate)
    await claims.claim(candidate, link, details)
    return await _entered(candidate, by)


async def _again(candidate: Candidate) -> Candidate:
    """Who has applied already goes on where they were. Raises OpeningNotOpen."""
    same = Candidate.filter(opening_id=candidate.opening_id, phone_hash=candidate.phone_hash)
    known = await same.first()
    if known is None:
        raise OpeningNotOpen
    await same.update(shares_stage=candidate.shares_stage)
    again = {"stage": Stage.APPLIED, "stage_moved_at": clock.now()}
    if await same.filter(stage=Stage.WITHDRAWN).update(**again, erase_on=candidate.erase_on):
        await events.record("candidate.returned", candidate=known.id, opening=known.opening_id)
    return known


async def _entered(candidate: Candidate, by: Confirmation) -> str:
    """Their page, also if a new key has made its secret another one."""
    secret = candidates.secret(candidate)
    now = {"secret": candidates.hashed(secret), "proof": by.proof}
    await Candidate.filter(id=candidate.id).update(**now)
    return secret


async def _answered(link: Link, phone: str, by: Confirmation) -> str:
    """Of a form that was sent twice. Raises WrongCode."""
    if by.proof is None:
        raise WrongCode
    hash = candidates.phone_hash(phone)
    same = Candidate.filter(opening_id=link.opening_id, phone_hash=hash, proof=by.proof)
    known = await same.first()
    if known is None:
        raise WrongCode
    return candidates.secret(known)


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
