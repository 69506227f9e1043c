"""What those with grants ask."""

from bench.operations.requests import Operation, by_staff
from core.people import Grants

YEAR = {"since": "2026-01-01", "until": "2026-12-31"}

READS = {
    "AppealQueue": by_staff(Grants.MODERATOR),
    "BadgeCatalogue": by_staff(Grants.HR),
    "Bonuses": by_staff(Grants.HR),
    "Budgets": by_staff(Grants.HR),
    "BreakGlassRequests": by_staff(Grants.COUNSELLOR),
    "Catalogue": by_staff(Grants.HR),
    "CandidateSteps": by_staff(Grants.HR),
    "CareLines": by_staff(Grants.COUNSELLOR),
    "Erasures": by_staff(Grants.HR),
    "ExpertProposals": by_staff(Grants.MODERATOR),
    "HelpCards": by_staff(Grants.COUNSELLOR),
    "Disputes": by_staff(Grants.HR),
    "Holidays": by_staff(Grants.HR, **YEAR),
    "HrReport": by_staff(Grants.HR),
    "ModerationQueue": by_staff(Grants.MODERATOR),
    "OrderInbox": by_staff(Grants.HR),
    "Pipeline": by_staff(Grants.HR),
    "PointsLiability": by_staff(Grants.HR),
    "PointsReviews": by_staff(Grants.HR),
    "RewardPopularity": by_staff(Grants.HR, **YEAR),
    "RiskHits": by_staff(Grants.COUNSELLOR, text="I cannot go on"),
    "RiskRules": by_staff(Grants.COUNSELLOR),
    "Rota": by_staff(Grants.COUNSELLOR),
    "RuleEvents": by_staff(Grants.HR),
    "Rules": by_staff(Grants.HR),
    "SafetyInbox": by_staff(Grants.COUNSELLOR),
    "ShopTerms": by_staff(Grants.HR),
    "Sites": by_staff(Grants.HR),
    "TaxableValues": by_staff(Grants.HR, **YEAR),
    "WaitingOrders": by_staff(Grants.HR),
}

OPERATIONS = {name: Operation(requests) for name, requests in READS.items()}
