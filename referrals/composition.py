"""What the referrals package is composed of."""

from core.parts import Part
from referrals import candidates, claims, hires, keeping, milestones, stages
from referrals.belongings import BELONGINGS, WITHHELD

PART = Part(
    models=[
        "referrals.candidates",
        "referrals.claims",
        "referrals.links",
        "referrals.milestones",
        "referrals.openings",
        "referrals.stages",
    ],
    subscribers={
        "candidate.moved": [hires.settle],
        "person.hired": [hires.arrive],
    },
    duties=[claims.lapse, milestones.reach_due],
    sealed=[*candidates.SEALED, stages.SEALED],
    belongings=BELONGINGS,
    withheld=WITHHELD,
    keeping=keeping.KEEPING,
)
