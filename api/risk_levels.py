"""Risk levels, under their name in the schema."""

import strawberry

from community.risk_words import Level

__all__ = ["Level"]

strawberry.enum(
    Level,
    name="RiskLevel",
    description="How soon somebody should look: within a day, within hours, within minutes.",
)
