"""Keeping: what becomes of rows about bringing friends when a colleague is erased."""

from core.keeping import blanked, deleted, stays
from referrals.candidates import Candidate
from referrals.claims import Referral
from referrals.links import Link
from referrals.openings import Insider

KEEPING = [
    blanked(Candidate, "hired_person_id", sealed=None, phone_hash=None, secret=None),
    blanked(Link, "person_id", shows_name=False),
    deleted(Insider, "person_id"),
    stays(Referral, "who brought whom is an id beside an id, and was paid for"),
]
