"""What the referrals package is composed of."""

from core.parts import Part
from referrals import (
    announcements,
    candidates,
    claims,
    disputes,
    erasures,
    hires,
    hook_events,
    keeping,
    milestones,
    reminders,
    steps,
)
from referrals.belongings import BELONGINGS, WITHHELD

PART = Part(
    models=[
        "referrals.candidates",
        "referrals.claims",
        "referrals.disputes",
        "referrals.hook_events",
        "referrals.links",
        "referrals.milestones",
        "referrals.openings",
        "referrals.reminders",
        "referrals.steps",
    ],
    subscribers={
        "candidate.moved": [hires.settle, announcements.tell_moved],
        "dispute.decided": [announcements.tell],
        "person.hired": [hires.arrive],
        "referral.claimed": [announcements.tell],
        "referral.milestone_reached": [announcements.tell],
        "referral.refused": [announcements.tell],
        "referral.taken": [announcements.tell],
    },
    duties=[
        claims.lapse,
        erasures.erase_due,
        hook_events.catch_up,
        milestones.reach_due,
        reminders.remind,
    ],
    sealed=[*candidates.SEALED, disputes.SEALED, steps.SEALED],
    belongings=BELONGINGS,
    withheld=WITHHELD,
    keeping=keeping.KEEPING,
)
