"""Risk rules, for counsellors: which words signal danger."""

from datetime import datetime
from uuid import UUID

from api.connections import Connection
from api.people import Person as PersonView
from api.risk_levels import Level
from api.roots import mutation, payload, query
from api.views import Node, batch, view
from community import risk_rules, risk_words
from core import pages, people
from core.pages import Page
from core.people import Person


@view(risk_rules.RiskRule)
class RiskRule(Node):
    """Without a level it is harmless, and covers what it contains."""

    phrase: str
    level: Level | None
    reason: str
    edition: int
    written_at: datetime
    written_by: PersonView | None = batch(people.by_id, key="written_by")


@view(risk_words.Hit)
class RiskHit:
    """A phrase that decides about a text."""

    form: str
    level: Level | None


@query(Connection[RiskRule])
async def risk_rules_(viewer: Person, page: Page) -> pages.Connection[risk_rules.RiskRule]:
    """The rules in force, the latest change first."""
    return await risk_rules.listed(page=page)


@query(list[RiskHit])
async def risk_hits(viewer: Person, text: str) -> list[risk_words.Hit]:
    """What the rules would say about a text; nothing of it is kept."""
    return (await risk_rules.words()).hits(text)


@mutation(payload("RiskRulePut", RiskRule))
async def put_risk_rule(
    viewer: Person, phrase: str, level: Level | None, reason: str, idempotency_key: str
) -> risk_rules.RiskRule:
    """From now on this phrase means this, whatever it meant before; no level: harmless."""
    return await risk_rules.put(phrase, level, reason=reason, by=viewer, key=idempotency_key)


@mutation(payload("RiskRuleRetired", RiskRule))
async def retire_risk_rule(viewer: Person, risk_rule_id: UUID, reason: str) -> risk_rules.RiskRule:
    """From now on this phrase means nothing."""
    return await risk_rules.retire(risk_rule_id, reason=reason, by=viewer)
