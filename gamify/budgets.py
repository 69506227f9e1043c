"""Budgets: what a version of a rule may pay in all, with a warning before it is used up."""

from functools import partial
from uuid import UUID

import structlog
from tortoise.expressions import F

from core import events, transactions
from core.database.sql import Statement
from core.errors import Conflict
from core.events import Event
from core.messaging import notices
from core.messaging.notice_kinds import MANNERS, Manner, NoticeKind
from core.messaging.notices import News
from core.people import Grants, Person, carrying
from core.text import Text
from core.transactions import transaction
from gamify.ledger import Transfer
from gamify.rules import Rule

WARNED_AT = 80  # per cent of a budget

log = structlog.get_logger(__name__)

MANNERS[NoticeKind.BUDGET] = Manner(
    Text(
        "A points rule has used most of its budget, or all of it.",
        "一条积分规则的预算即将用完或已经用完。",
        "一條點數規則的預算即將用完或已經用完。",
    )
)


CHARGE = Statement(
    """
    UPDATE rule SET used = used + :points WHERE id = :rule AND used <= budget - :points
    RETURNING used, budget
    """
)


class BudgetSpent(Conflict):
    """The rule can pay no more."""

    text = Text(
        "The budget of this rule cannot bear it. Raise it first.",
        "这条规则的预算不足，请先提高预算。",
        "這條規則的預算不足，請先提高預算。",
    )


@transaction
async def charge(rule: Rule, points: int) -> None:
    """Take one payment from the budget. Raises BudgetSpent."""
    charged = await CHARGE.rows(rule=rule.id, points=points)
    if not charged:
        raise BudgetSpent
    [(used, budget)] = charged
    if used - points < budget * WARNED_AT // 100 <= used:
        await _record("rule.budget_low", rule, used, budget)
        transactions.after_commit(partial(log.warning, "rule.budget_low", rule=rule.name))


async def refund(paid: Transfer) -> None:
    """Put what was taken back into the budget it came from."""
    await Rule.filter(id=paid.rule_id).update(used=F("used") - paid.points)


async def stop(rule: Rule) -> None:
    """The rule could not pay, which is told once."""
    log.warning("rule.budget_spent", rule=rule.name, version=rule.version)
    await _stop(rule)


async def tell(event: Event) -> None:
    """Subscriber: HR learns that a budget is nearly, or wholly, used up."""
    told = event.payload
    news = News(NoticeKind.BUDGET, f"rule_{UUID(told['id']).hex}", str(event.id))
    for person in await Person.filter(carrying(Grants.HR)):
        await notices.tell(person.id, news)


@transaction
async def _stop(rule: Rule) -> None:
    if await Rule.filter(id=rule.id, is_spent=False).update(is_spent=True):
        await _record("rule.budget_spent", rule, rule.used, rule.budget)


async def _record(name: str, rule: Rule, used: int, budget: int) -> None:
    await events.record(
        name, id=rule.id, rule=rule.name, version=rule.version, used=used, budget=budget
    )
