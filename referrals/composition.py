"""What the referrals package is composed of."""

from core.parts import Part

PART = Part(
    models=[],
)
