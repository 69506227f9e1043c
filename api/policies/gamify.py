"""Policy: what activity is worth."""

from api.who import REACHED, Who

POLICY: dict[str, dict[Who, str]] = {
    "Points": {REACHED: "available history pending"},
    "PointsLine": {REACHED: "at availableAt businessDate causedBy id points reason"},
    "Viewer": {REACHED: "points"},
}
