"""Keeping: what becomes of rows about bringing friends when a colleague is erased."""

from datetime import timedelta

from core.keeping import blanked, deleted, stays
from referrals import erasures
from referrals.candidates import Candidate
from referrals.claims import Referral
from referrals.disputes import Dispute
from referrals.hook_events import KEPT, HookEvent
from referrals.links import Link
from referrals.milestones import Milestone
from referrals.openings import Insider
from referrals.reminders import Reminder
from referrals.steps import Step

KEEPING = [
    blanked(Candidate, erase=erasures.erase_hired),
    blanked(Link, "person_id", shows_name=False),
    deleted(Insider, "person_id"),
    stays(Dispute, "who decided is an id; its words go with what names the candidate"),
    stays(HookEvent, "who is meant is an id of another system", since="received_at", kept=KEPT),
    stays(Reminder, "names nobody", since="told_at", kept=timedelta(days=400)),
    stays(Milestone, "dates beside an id, and what was paid"),
    stays(Step, "who moved a candidate is an id; its words go with what names the candidate"),
    stays(Referral, "who brought whom is an id beside an id, and was paid for"),
]
