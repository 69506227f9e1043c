"""Counsellors, and what they look after."""

from collections.abc import Collection
from typing import Any

from community import risk_rules
from community.risk_rules import RiskRule
from core.people import Grants, Person
from tests.makers import a_key, a_person, node


async def a_counsellor(**given: Any) -> Person:
    return await a_person(**{"grants": Grants.COUNSELLOR} | given)


async def a_rule(phrase: str, level: Any, *, by: Person | None = None) -> RiskRule:
    by = by or await a_counsellor()
    return await risk_rules.put(phrase, level, reason="heard it", by=by, key=a_key())


async def known(names: Collection[object], viewer: Person) -> dict[str, str]:
    """The ids of what a counsellor's operations ask for, as far as it is asked for."""
    made = {}
    if "rule" in names:
        made["rule"] = node("riskrule", await a_rule("so tired of it", "AMBER"))
    return made
