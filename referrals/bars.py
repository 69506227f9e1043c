"""Bars: why a colleague's claim of a candidate does not count."""

from enum import StrEnum
from unicodedata import normalize
from uuid import UUID

from tortoise.expressions import Q

from core import clock
from core.people import NUMBER, Person
from core.personnel.employments import PastEmployment
from referrals.candidates import Candidate, Details
from referrals.links import Link
from referrals.openings import Insider


class ClaimRefusal(StrEnum):
    """For HR alone: it would tell whoever brings somebody whether that person works here."""

    OWN = "OWN"
    STAFF = "STAFF"
    INSIDER = "INSIDER"


async def applying(link: Link, details: Details, referrer: Person) -> ClaimRefusal | None:
    """Nobody is brought by themselves, or again; by whatever they are known here."""
    known = Q(phone=details.phone)
    if number := _bare(details.former_number):
        known |= Q(number__iexact=number)
    staff = {*await Person.filter(known).values_list("id", flat=True)}
    if staff:
        return ClaimRefusal.OWN if referrer.id in staff else ClaimRefusal.STAFF
    return ClaimRefusal.INSIDER if await decides(link.opening_id, referrer.id) else None


async def hired(candidate: Candidate, person: Person, referrer_id: UUID) -> ClaimRefusal | None:
    """The same, once it is known who a candidate is, whatever they said when they applied."""
    if person.id == referrer_id:
        return ClaimRefusal.OWN
    applied_on = clock.business_date(candidate.applied_at)
    before = PastEmployment.filter(person_id=person.id, hired_on__lt=applied_on)
    return ClaimRefusal.STAFF if await before.exists() else None


async def decides(opening_id: UUID, person_id: UUID) -> bool:
    """Whether they help to decide about candidates for this job."""
    return await Insider.filter(opening_id=opening_id, person_id=person_id).exists()


def _bare(number: str) -> str:
    """As a staff file spells it, however it was typed."""
    return "".join(normalize("NFKC", number).split())[:NUMBER]
