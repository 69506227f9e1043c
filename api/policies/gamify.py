"""Policy: what activity is worth."""

from api.who import EMPLOYEE, REACHED, Who

POLICY: dict[str, dict[Who, str]] = {
    "Query": {EMPLOYEE: "board"},
    "Mutation": {EMPLOYEE: "hideNameOnBoards showNameOnBoards"},
    "Board": {
        REACHED: "beginsOn endsOn isClosed measure places scope span viewerPlace viewerPlaces",
    },
    "Place": {REACHED: "isViewers person rank score team"},
    "Points": {REACHED: "available history pending"},
    "PointsLine": {REACHED: "at availableAt businessDate causedBy id points reason"},
    "Viewer": {REACHED: "isHiddenOnBoards points"},
}
