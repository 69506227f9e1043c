"""Policy: which rules pay points, and what was decided about them."""

from api.who import HR, REACHED, Who

POLICY: dict[str, dict[Who, str]] = {
    "Query": {HR: "ruleDryRun ruleEvents rules"},
    "Mutation": {HR: "changeRuleBudget retireRule saveRule"},
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
