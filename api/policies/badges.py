"""Policy: badges."""

from api.who import EMPLOYEE, HR, REACHED, SUBJECT, Who

POLICY: dict[str, dict[Who, str]] = {
    "Query": {EMPLOYEE: "badges", HR: "badgePreview"},
    "Mutation": {EMPLOYEE: "giveBadge", HR: "backfillBadge revokeAward saveBadge"},
    "Subscription": {EMPLOYEE: "badgeWon"},
    "Award": {
        REACHED: "badge givenBy id level person pictureUrl tag wonAt words",
        SUBJECT: "shareCardUrl",
        SUBJECT | HR: "endedAt reason",
    },
    "Badge": {
        REACHED: """
            countsFrom deeds givers icon id isActive kind levels monthlyGifts name pictureUrl tag
            words
        """,
        HR: "nameTexts wordsTexts",
    },
    "BadgeProgress": {REACHED: "badge level nextLevel pictureUrl steps"},
    "BadgeRung": {REACHED: "days level people pictureUrl times weeks"},
    "BadgeStep": {REACHED: "have measure needed"},
    "BadgeWinners": {REACHED: "count level sample"},
    "BadgeWon": {REACHED: "award cursor"},
    "Person": {REACHED: "badges"},
    "Streak": {REACHED: "isSafeThisWeek weeks"},
    "Viewer": {REACHED: "awards badgeProgress streak"},
}
