"""Rules as HR writes them, and what that costs."""

from collections.abc import Collection
from typing import Any

from core.people import Grants, Person
from gamify import bonuses, payments, reviews, rules
from gamify.ledger import Transfer
from gamify.patterns import Pattern
from tests.gamify.makers import a_draft, an_event, saved
from tests.makers import a_key, a_person, node

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
    "ExplainPoints": ({}, 2),
    "AppealPointsReview": ({"review": "lost", "words": "No"}, 6),
    "PointsReviews": ({"besides": "hr rules"}, 2),
    "PointsLines": ({"person": "held person", "besides": "hr rules"}, 13),
    "DecidePointsReview": ({"review": "held", "reverse": True, "words": "Odd"}, 38),
    "ReversePoints": ({"line": "held line", "words": "Odd", "key": "key"}, 39),
    "Bonuses": ({"besides": "hr rules"}, 4),
    "GiveBonus": (
        {"person": "ben", "points": 5, "words": "Well done", "key": "key", "besides": "hr rules"},
        38,
    ),
    "DecideBonus": ({"bonus": "bonus", "agree": True}, 39),
    "AnswerPointsAppeal": ({"review": "appealed", "grant": True, "words": "Well"}, 41),
}


async def known(wanted: Collection[object], ann: Person) -> dict[str, str]:
    """For the variables of operations: Ann is in HR where it takes that, and there is a rule."""
    asked = {*map(str, wanted)}
    found = {}
    if asked & {"held", "held line", "held person", "lost", "appealed"}:
        found = await reviewed(ann, asked)
    if asked & {"hr rules", "bonus"}:
        await rules.ship()
        found |= await bonus_that_waits()
    if asked & {"points rule", "hr rules", *found.keys() - {"lost"}}:
        ann.grants = Grants.HR
        await ann.save(update_fields=["grants"])
    if asked & {"points rule", "hr rules"}:
        found["points rule"] = node("rule", await saved(by=ann))
    return found


async def bonus_that_waits() -> dict[str, str]:
    hr, person = await a_person(grants=Grants.HR), await a_person()
    bonus = await bonuses.give(person.id, 600, "Well done", by=hr, key=a_key())
    return {"bonus": node("bonus", bonus)}


async def reviewed(ann: Person, asked: Collection[str]) -> dict[str, str]:
    """Points of somebody that a rule has paid, those of whom wait for a decision."""
    await saved(a_draft())
    owner, hr = ann if "lost" in asked else await a_person(), await a_person(grants=Grants.HR)
    event = await an_event(answerer=owner.id)
    await payments.pay(event)
    paid = await Transfer.get(event_id=event.id)
    if "held line" in asked:
        return {"held line": node("pointsline", paid)}
    if "held" in asked:
        held = await reviews.hold(paid, Pattern.BURST)
        return {"held": node("pointsreview", held)}
    review = await reviews.reverse(paid.id, "Odd", by=hr, key=a_key())
    if "appealed" in asked:
        await reviews.appeal(review.id, "No", by=owner)
    names = {"lost": node("pointsreview", review), "held person": node("person", owner)}
    return {"appealed": node("pointsreview", review)} if "appealed" in asked else names
