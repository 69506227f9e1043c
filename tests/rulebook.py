"""Rules as HR writes them, and what that costs."""

from collections.abc import Collection
from typing import Any

from core.people import Grants, Person
from tests.gamify.makers import saved
from tests.makers import node

#: Fifty points for whoever was thanked ten times by five colleagues.
TEN_TIMES: dict[str, Any] = {
    "name": "thanked-ten-times",
    "title": {"en": "Thanked ten times.", "zhCn": "被感谢十次。", "zhTw": "被感謝十次。"},
    "event": "answer.accepted",
    "payee": "answerer",
    "points": 50,
    "budget": 5000,
    "terms": {"threshold": {"times": 10, "colleagues": 5}},
}
WEEK = {"since": "2026-11-16", "until": "2026-11-22"}

RULEBOOK: dict[str, tuple[dict[str, Any], int]] = {
    "Rules": ({"besides": "hr rules"}, 3),
    "RuleEvents": ({"besides": "hr rules"}, 1),
    "RuleDryRun": ({"draft": TEN_TIMES, **WEEK, "besides": "hr rules"}, 2),
    "SaveRule": ({"draft": TEN_TIMES, "after": 0, "key": "key", "besides": "hr rules"}, 12),
    "RetireRule": ({"rule": "points rule"}, 12),
    "ChangeRuleBudget": ({"rule": "points rule", "budget": 100}, 12),
}


async def known(wanted: Collection[object], ann: Person) -> dict[str, str]:
    """For the variables of operations: Ann is in HR where it takes that, and there is a rule."""
    if not {"points rule", "hr rules"} & {*map(str, wanted)}:
        return {}
    ann.grants = Grants.HR
    await ann.save(update_fields=["grants"])
    return {"points rule": node("rule", await saved(by=ann))}
