"""Counsellors, and what they look after."""

import re
from collections.abc import Collection
from datetime import time
from typing import Any

from community import help_cards, risk_care, risk_rules, rotas
from community.groups import Group
from community.risk_cases import RiskCase
from community.risk_rules import RiskRule
from community.risk_words import Level
from community.week import Hours, Weekday
from core.people import Grants, Person, Team
from tests.makers import a_key, a_person, a_post, node

#: What counsellors send, and how many statements it costs.
WORDS = {"en": "Call", "zhCn": "打电话", "zhTw": "打電話"}
CARD = {
    "region": "TW",
    "checkedOn": "2026-11-22",
    "message": WORDS,
    "lines": [{"number": "1925", "name": WORDS}],
}
NIGHT = {"weekday": "SUNDAY", "begins": "22:00", "ends": "06:00"}
COUNSELLING = {
    "HelpCards": ({}, 2),
    "PutHelpCard": ({"draft": CARD, "after": 1}, 11),
    "PutTeamRegion": ({"team": "team", "region": "TW"}, 10),
    "Rota": ({}, 2),
    "PutOnCallHours": ({"counsellor": "counsellor", "hours": [NIGHT]}, 13),
    "RiskRules": ({}, 2),
    "RiskHits": ({"text": "so tired"}, 2),
    "PutRiskRule": (
        {"phrase": "so very tired", "level": "AMBER", "reason": "heard it", "key": "key"},
        14,
    ),
    "SafetyInbox": ({}, 3),
    "StepCase": ({"id": "taken"}, 8),
    "AcknowledgeCase": ({"case": "risk"}, 15),
    "NoteCase": ({"case": "risk", "words": "Called back", "key": "key"}, 13),
    "HandOverCase": ({"case": "taken", "to": "colleague", "words": "My shift is over"}, 18),
    "SetCaseLevel": ({"case": "taken", "level": "RED", "reason": "It got worse"}, 16),
    "ReleaseCase": ({"case": "taken"}, 8),
    "CloseCase": ({"case": "taken", "outcome": "SUPPORTED", "words": "We talked"}, 15),
    "RetireRiskRule": ({"rule": "rule", "reason": "a joke here"}, 13),
}


DESPAIR = "I want to give up on everything"
RED = "I am done, tonight is the night"
RULES = {
    "give up on everything": Level.AMBER,
    "tonight is the night": Level.RED,
    "feeling low": Level.GREEN,
}


async def a_counsellor(**given: Any) -> Person:
    return await a_person(**{"grants": Grants.COUNSELLOR} | given)


async def a_rule(phrase: str, level: Any, *, by: Person | None = None) -> RiskRule:
    by = by or await a_counsellor()
    return await risk_rules.put(phrase, level, reason="heard it", by=by, key=a_key())


async def rules() -> None:
    """What signals danger here, and whom to call then."""
    if not await RiskRule.exists():
        await help_cards.ship()
        for phrase, level in RULES.items():
            await a_rule(phrase, level)


async def a_case(
    *, text: str = DESPAIR, by: Person | None = None, group: Group | None = None, **draft: Any
) -> RiskCase:
    """Opened by what somebody wrote."""
    await rules()
    post = await a_post(group, by=by, text=text, **draft)
    return await RiskCase.get(open_for=post.id)


async def a_red_case(**given: Any) -> RiskCase:
    return await a_case(text=RED, **given)


async def on_call(counsellor: Person, *hours: str) -> None:
    """Hours as in "MONDAY 09:00-17:00"; without any, always."""
    spans = [_hours(one) for one in hours] or [Hours(day, time(), time()) for day in Weekday]
    await rotas.put(counsellor.id, spans, by=counsellor)


def _hours(said: str) -> Hours:
    day, begins, ends = re.split("[ -]", said)
    return Hours(Weekday(day), time.fromisoformat(begins), time.fromisoformat(ends))


async def known(names: Collection[object], viewer: Person) -> dict[str, str]:
    """The ids of what a counsellor's operations ask for, as far as it is asked for."""
    await help_cards.ship()
    made = {}
    if "counsellor" in names:
        made["counsellor"] = node("person", viewer)
    if "team" in names:
        made["team"] = node("team", await Team.create(department="Care", name="Night"))
    if "rule" in names:
        made["rule"] = node("riskrule", await a_rule("so tired of it", "AMBER"))
    if "risk" in names or "taken" in names:
        cases = [await a_case() for _ in range(2)]
        await risk_care.acknowledge(cases[1].id, by=viewer)
        made |= {
            name: node("riskcase", case)
            for name, case in zip(("risk", "taken"), cases, strict=True)
        }
    if "colleague" in names:
        made["colleague"] = node("person", await a_counsellor())
    return made
