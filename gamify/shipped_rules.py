"""The rules that come with the product: what others confirm pays, volume does not."""

from datetime import UTC, datetime

from core.text import Text
from gamify.drafts import MOST, Draft
from gamify.terms import Cap, Per, Period, Terms, Threshold

SINCE = datetime(2020, 1, 1, tzinfo=UTC)
BUDGET = 1_000_000  # points
BONUS_BUDGET = 50_000

_ANSWERS = {"group_kind": "KNOWLEDGE"}
_HIRED = Text("Whom you referred was hired.", "你推荐的人入职了。", "你推薦的人到職了。")
_STAYED = Text(
    "Whom you referred has been here for 90 days.",
    "你推荐的人已入职满 90 天。",
    "你推薦的人已到職滿 90 天。",
)
_YEAR = Text(
    "Whom you referred has been here for a year.",
    "你推荐的人已入职满一年。",
    "你推薦的人已到職滿一年。",
)


def _milestone(name: str, title: Text, milestone: str) -> Draft:
    terms = Terms(where={"milestone": milestone}, once_per_object=True)
    event = "referral.milestone_reached"
    return Draft(f"referral-{name}", title, event, "referrer", MOST, BUDGET, terms)


DRAFTS = [
    Draft(
        "thanked",
        Text("Your answer was accepted.", "你的回答被采纳了。", "你的回答被採納了。"),
        "answer.accepted",
        "answerer",
        10,
        BUDGET,
        Terms(where=_ANSWERS, once_per_object=True, pair_cap=Cap(1, Period.WEEK)),
    ),
    Draft(
        "me-too",
        Text(
            "Your answer helped another colleague.",
            "你的回答也帮到了另一位同事。",
            "你的回答也幫到了另一位同事。",
        ),
        "answer.adopted",
        "answerer",
        2,
        BUDGET,
        Terms(where=_ANSWERS, pair_cap=Cap(1, Period.DAY), payee_cap=Cap(10, Period.DAY)),
    ),
    Draft(
        "adopted",
        Text(
            "Your answer helped five colleagues.",
            "你的回答帮到了五位同事。",
            "你的回答幫到了五位同事。",
        ),
        "answer.adopted",
        "answerer",
        20,
        BUDGET,
        Terms(where=_ANSWERS, threshold=Threshold(5, 5, Per.OBJECT)),
    ),
    Draft(
        "challenge",
        Text("You won a prize in a challenge.", "你在挑战赛中获奖了。", "你在挑戰賽中獲獎了。"),
        "challenge.won",
        "winner",
        MOST,
        BUDGET,
    ),
    Draft(
        "bonus",
        Text("A bonus from HR.", "人力资源奖励的积分。", "人資獎勵的點數。"),
        "bonus.given",
        "person",
        MOST,
        BONUS_BUDGET,
    ),
    _milestone("hired", _HIRED, "HIRED"),
    _milestone("90-days", _STAYED, "DAYS_90"),
    _milestone("1-year", _YEAR, "YEAR_1"),
]
