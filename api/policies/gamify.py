"""Policy: what activity is worth."""

from api.who import EMPLOYEE, HR, REACHED, Who

POLICY: dict[str, dict[Who, str]] = {
    "Query": {EMPLOYEE: "board challenge challenges honourRoll"},
    "Mutation": {
        EMPLOYEE: """
            cheer dropGoal hideNameOnBoards joinChallenge leaveChallenge setGoal showNameOnBoards
        """,
        HR: "cancelChallenge disqualifyEntrant saveChallenge",
    },
    "Board": {
        REACHED: "beginsOn endsOn isClosed measure places scope span viewerPlace viewerPlaces",
    },
    "Challenge": {
        REACHED: """
            about aim attendance beginsOn endsOn id isCancelled isClosed measure places prize
            qualityFloor scope standing target tenureDays ties title viewerEntry viewerPlace
        """,
        HR: "entrants",
    },
    "ChallengePlace": {REACHED: "isViewers person rank score team"},
    "DayFigures": {
        REACHED: """
            day earlier onDutyHours resolutionRate restatedAt satisfactionScore scheduledHours
            volume
        """,
    },
    "EarlierFigures": {
        REACHED: """
            onDutyHours resolutionRate satisfactionScore scheduledHours until volume
        """,
    },
    "Entrant": {REACHED: "id isDisqualified joinedAt person reason won"},
    "Goal": {REACHED: "id measure score span target"},
    "HonourRoll": {REACHED: "beginsOn endsOn measure pictureUrl places scope span"},
    "LedTeam": {REACHED: "challenges"},
    "Place": {REACHED: "isViewers person rank score team"},
    "TeamChallenge": {REACHED: "challenge entrantCount rank score"},
    "Viewer": {REACHED: "figures goals isHiddenOnBoards points"},
}
