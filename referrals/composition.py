"""What the referrals package is composed of."""

from core.parts import Part
from referrals import candidates, claims, keeping
from referrals.belongings import BELONGINGS, WITHHELD

PART = Part(
    models=[
        "referrals.candidates",
        "referrals.claims",
        "referrals.links",
        "referrals.openings",
    ],
    duties=[claims.lapse],
    sealed=candidates.SEALED,
    belongings=BELONGINGS,
    withheld=WITHHELD,
    keeping=keeping.KEEPING,
)
