"""Rules: which event pays whom how much, as rows; a change is a new version and applies forward."""

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import partial
from typing import NamedTuple
from uuid import UUID

import structlog
from tortoise import fields
from tortoise.expressions import F
from tortoise.migrations.constraints import CheckConstraint
from tortoise.models import Model

from core import clock, events, inserts, transactions
from core.events import Event
from core.transactions import transaction
from gamify import holds, ledger
from gamify.ledger import Cause, Reason, Transfer

UNPAID = "SUPPORT"  # the kind of group in which nothing pays
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


class Slot(Model):
    """What only one payment at a time may hold: a subject, or one of a pair's turns in a week."""

    key = fields.CharField(max_length=160, primary_key=True)
    transfer: fields.ForeignKeyRelation[Transfer] = fields.ForeignKeyField(
        "models.Transfer", on_delete=fields.RESTRICT
    )

    class Meta:
        table = "slot"


class NotPaid(Exception):
    """The rule holds and still pays nothing; what was begun is undone."""


class NoTurnLeft(NotPaid):
    pass


class BudgetSpent(NotPaid):
    pass


class Early(Exception):
    """What has to be known first has yet to be delivered; then this is delivered again."""


class Gesture(NamedTuple):
    """What a rule sees in an event."""

    id: str
    subject: str
    giver: str
    payee: str


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


async def pay(event: Event) -> None:
    """Subscriber: pay what the rules promised when it happened, once."""
    for rule in await in_force(at=event.due_at):
        if rule.event == event.name and (gesture := _gesture(rule, event)):
            try:
                await _pay(rule, gesture, event)
            except NotPaid:
                await _check_order(rule, gesture, event)


async def withdraw(event: Event) -> None:
    """Subscriber: take back what is pending for a gesture that is no more."""
    for rule in await in_force(at=event.due_at):
        if rule.taken_back_by == event.name and (gesture := _gesture(rule, event)):
            await _withdraw(rule, gesture, event)


async def in_force(*, at: datetime) -> list[Rule]:
    """Of every rule the version that decides on what happened at that moment."""
    versions = await Rule.filter(effective_from__lte=at).order_by("version")
    return list({rule.name: rule for rule in versions}.values())


def _gesture(rule: Rule, event: Event) -> Gesture | None:
    """None if the rule does not speak of it: another kind of group, nobody named, or oneself."""
    kind = event.payload.get("group_kind")
    keys = (rule.gesture, rule.subject, rule.giver, rule.payee)
    values = [event.payload.get(key) for key in keys]
    if kind != rule.group_kind or kind == UNPAID or not all(values):
        return None
    gesture = Gesture(*map(str, values))
    return None if gesture.giver == gesture.payee else gesture


@transaction
async def _pay(rule: Rule, gesture: Gesture, event: Event) -> None:
    paid = await holds.earn(
        _source_key(rule, gesture),
        rule.points,
        _cause(rule.reason, event),
        person_id=UUID(gesture.payee),
        rule_id=rule.id,
    )
    if paid is None:
        return
    await _hold_one([_subject_key(rule, gesture)], paid)
    await _hold_one(_turns(rule, gesture, event), paid)
    await _charge(rule)


async def _check_order(rule: Rule, gesture: Gesture, event: Event) -> None:
    """Nobody praises the same thing twice, unless it was taken back in between."""
    paid = Slot.filter(key=_subject_key(rule, gesture))
    if await paid.filter(transfer__hold__available_at__gt=event.due_at).exists():
        raise Early


@transaction
async def _withdraw(rule: Rule, gesture: Gesture, event: Event) -> None:
    key, cause = _source_key(rule, gesture), _cause(Reason.TAKEN_BACK, event)
    if await ledger.void(key, cause, person_id=UUID(gesture.payee)):
        return  # the news of the gesture itself has yet to come
    if reversal := await holds.take_back(key, cause):
        await Slot.filter(transfer_id=reversal.reverses_id).delete()
        await Rule.filter(id=reversal.rule_id).update(used=F("used") + reversal.points)


async def _hold_one(keys: Iterable[str], paid: Transfer) -> None:
    for key in keys:
        if await inserts.added(Slot(key=key, transfer_id=paid.id)):
            return
    raise NoTurnLeft


def _turns(rule: Rule, gesture: Gesture, event: Event) -> list[str]:
    week = clock.business_date(event.due_at).strftime("%G-W%V")
    pair = f"{rule.name}:{gesture.giver}:{gesture.payee}:{week}"
    return [f"{pair}:{n}" for n in range(rule.per_pair_and_week)]


async def _charge(rule: Rule) -> None:
    affordable = Rule.filter(id=rule.id, used__lte=F("budget") - rule.points)
    if not await affordable.update(used=F("used") + rule.points):
        log.warning("rule.budget_spent", rule=rule.name, version=rule.version)
        raise BudgetSpent
    await rule.refresh_from_db(["used"])
    if rule.used - rule.points < rule.budget * WARNED_AT // 100 <= rule.used:
        await _warn(rule)


async def _warn(rule: Rule) -> None:
    await events.record(
        "rule.budget_low",
        rule=rule.name,
        version=rule.version,
        used=rule.used,
        budget=rule.budget,
    )
    transactions.after_commit(partial(log.warning, "rule.budget_low", rule=rule.name))


def _source_key(rule: Rule, gesture: Gesture) -> str:
    return f"{rule.name}:{gesture.id}"


def _subject_key(rule: Rule, gesture: Gesture) -> str:
    return f"{rule.name}:{gesture.subject}"


def _cause(reason: Reason, event: Event) -> Cause:
    return Cause(reason=reason, at=event.due_at, event_id=event.id, caused_by=event.actor_id)
