"""Rules: which event pays whom how much, as rows; a change is a new version and applies forward."""

from datetime import UTC, datetime
from functools import partial

import structlog
from tortoise import fields
from tortoise.expressions import F
from tortoise.migrations.constraints import CheckConstraint
from tortoise.models import Model

from core import events, transactions
from core.database import inserts
from core.transactions import transaction
from gamify.ledger import Transfer
from gamify.reasons import Reason

WARNED_AT = 80  # per cent of a budget

log = structlog.get_logger(__name__)


class Rule(Model):
    """One version. Where a column names a key, it is one of the event's payload."""

    id = fields.UUIDField(primary_key=True)
    name = fields.CharField(max_length=40)
    version = fields.IntField()
    effective_from = fields.DatetimeField()
    reason = fields.CharEnumField(Reason, max_length=40, description="a Reason")
    event = fields.CharField(max_length=60, description="what is paid for")
    taken_back_by = fields.CharField(max_length=60, description="the event that undoes it")
    group_kind = fields.CharField(max_length=20, description="of the group it happened in")
    gesture = fields.CharField(max_length=20, description="key: the gesture, which pays once")
    subject = fields.CharField(max_length=20, description="key: what was praised, paid once")
    giver = fields.CharField(max_length=20, description="key: whose gesture it is")
    payee = fields.CharField(max_length=20, description="key: who is paid")
    points = fields.IntField()
    per_pair_and_week = fields.SmallIntField(description="payments from one giver to one payee")
    budget: int = fields.BigIntField(description="points")
    used: int = fields.BigIntField(default=0, db_default=0, description="points")

    class Meta:
        table = "rule"
        unique_together = ("name", "version")
        constraints = (CheckConstraint("used BETWEEN 0 AND budget", "rule_within_budget"),)


class BudgetSpent(Exception):
    """The rule can pay no more."""


async def ship() -> None:
    """Put the rules that come with the product in force, where they are not."""
    await inserts.added(
        Rule(
            name="thanked",
            version=1,
            effective_from=datetime(2020, 1, 1, tzinfo=UTC),
            reason=Reason.THANKED,
            event="answer.accepted",
            taken_back_by="answer.unaccepted",
            group_kind="KNOWLEDGE",
            gesture="thanks",
            subject="comment",
            giver="asker",
            payee="answerer",
            points=10,
            per_pair_and_week=1,
            budget=1_000_000,
        )
    )


async def in_force(*, at: datetime) -> list[Rule]:
    """Of every rule the version that decides on what happened at that moment."""
    versions = await Rule.filter(effective_from__lte=at).order_by("version")
    return list({rule.name: rule for rule in versions}.values())


@transaction
async def charge(rule: Rule) -> None:
    """Take one payment from the budget. Raises BudgetSpent."""
    affordable = Rule.filter(id=rule.id, used__lte=F("budget") - rule.points)
    if not await affordable.update(used=F("used") + rule.points):
        raise BudgetSpent
    await rule.refresh_from_db(["used"])
    if rule.used - rule.points < rule.budget * WARNED_AT // 100 <= rule.used:
        await _warn(rule)


async def refund(paid: Transfer) -> None:
    """Put what was taken back into the budget it came from."""
    await Rule.filter(id=paid.rule_id).update(used=F("used") - paid.points)


async def _warn(rule: Rule) -> None:
    await events.record(
        "rule.budget_low",
        rule=rule.name,
        version=rule.version,
        used=rule.used,
        budget=rule.budget,
    )
    transactions.after_commit(partial(log.warning, "rule.budget_low", rule=rule.name))
