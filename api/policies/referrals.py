"""Policy: people bringing people."""

from api.who import HR, REACHED, Who

POLICY: dict[str, dict[Who, str]] = {
    "Query": {HR: "hrReport"},
    "AttritionRatio": {REACHED: "lower ratio upper verdict"},
    "HrReport": {REACHED: "asOf attrition groups"},
    "Retention": {REACHED: "channel curve"},
    "RetentionCurve": {REACHED: "censored left marks median n steps"},
    "RetentionGroup": {REACHED: "department retentions year"},
    "RetentionMark": {REACHED: "atRisk day lower share upper"},
    "RetentionMedian": {REACHED: "days lower upper"},
    "RetentionStep": {REACHED: "atRisk censored day left lower share upper"},
}
