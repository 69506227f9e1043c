"""Policy: which rules pay points, and what was decided about them."""

from api.who import EMPLOYEE, HR, REACHED, Who

POLICY: dict[str, dict[Who, str]] = {
    "Query": {
        EMPLOYEE: "explainPoints",
        HR: "bonuses pointsLines pointsReviews ruleDryRun ruleEvents rules",
    },
    "Mutation": {
        EMPLOYEE: "appealPointsReview",
        HR: """
            answerPointsAppeal changeRuleBudget decideBonus decidePointsReview giveBonus retireRule
            reversePoints saveRule
        """,
    },
    "Subscription": {EMPLOYEE: "pointsChanged"},
    "Bonus": {REACHED: "decidedBy givenAt givenBy id person points state words"},
    "Points": {REACHED: "available history owed pending reserved years"},
    "PointsLine": {
        REACHED: "at availableAt businessDate causedBy explanation id points reason review",
    },
    "PointsReview": {
        REACHED: """
            answer appealedAt appealWords id isWaiting line movedAt pattern person state why words
        """,
        HR: "decidedBy",
    },
    "PointsYear": {REACHED: "expiresOn points year"},
    "Rule": {
        REACHED: """
            budget effectiveFrom event id name payee points retiredAt terms title used version
            writtenAt writtenBy
        """,
    },
    "RuleCap": {REACHED: "most period"},
    "RuleDryRun": {REACHED: "csv isStopped mostAffected payments people points"},
    "RuleEvent": {REACHED: "byColleague facts hasTags name payees"},
    "RuleShare": {REACHED: "payments person points"},
    "RuleTerms": {REACHED: "facts oncePerObject pairCap payeeCap tagId threshold"},
    "RuleThreshold": {REACHED: "colleagues per times"},
}
