"""Policy: what activity is worth."""

from api.who import EMPLOYEE, REACHED, Who

POLICY: dict[str, dict[Who, str]] = {
    "Query": {EMPLOYEE: "board honourRoll"},
    "Mutation": {EMPLOYEE: "cheer dropGoal hideNameOnBoards setGoal showNameOnBoards"},
    "Board": {
        REACHED: "beginsOn endsOn isClosed measure places scope span viewerPlace viewerPlaces",
    },
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
    "Goal": {REACHED: "id measure score span target"},
    "HonourRoll": {REACHED: "beginsOn endsOn measure pictureUrl places scope span"},
    "Place": {REACHED: "isViewers person rank score team"},
    "Points": {REACHED: "available history pending"},
    "PointsLine": {REACHED: "at availableAt businessDate causedBy id points reason"},
    "Viewer": {REACHED: "figures goals isHiddenOnBoards points"},
}
