"""Payments: what rules pay for a gesture, once, and take back with it."""

from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

import structlog
from tortoise import fields
from tortoise.models import Model

from core import clock
from core.database import inserts
from core.events import Event
from core.transactions import transaction
from gamify import holds, ledger, rules
from gamify.ledger import Cause, Transfer
from gamify.reasons import Reason
from gamify.rules import BudgetSpent, Rule

UNPAID = "SUPPORT"  # the kind of group in which nothing pays

log = structlog.get_logger(__name__)


class Slot(Model):
    """What only one payment at a time may hold: a subject, or one of a pair's turns in a week."""

    key = fields.CharField(max_length=160, primary_key=True)
    transfer: fields.ForeignKeyRelation[Transfer] = fields.ForeignKeyField(
        "models.Transfer", on_delete=fields.RESTRICT
    )

    class Meta:
        table = "slot"


class NoTurnLeft(Exception):
    """Somebody was paid for this already; what was begun is undone."""


class Early(Exception):
    """What has to be known first has yet to be delivered; then this is delivered again."""


class Gesture(NamedTuple):
    """What a rule sees in an event."""

    id: str
    subject: str
    giver: str
    payee: str


async def pay(event: Event) -> None:
    """Subscriber: pay what the rules promised when it happened, once. Raises Early."""
    for rule in await rules.in_force(at=event.due_at):
        if rule.event == event.name and (gesture := _gesture(rule, event)):
            try:
                await _pay(rule, gesture, event)
            except NoTurnLeft:
                await _check_order(rule, gesture, event)
            except BudgetSpent:
                log.warning("rule.budget_spent", rule=rule.name, version=rule.version)


async def withdraw(event: Event) -> None:
    """Subscriber: take back what is pending for a gesture that is no more."""
    for rule in await rules.in_force(at=event.due_at):
        if rule.taken_back_by == event.name and (gesture := _gesture(rule, event)):
            await _withdraw(rule, gesture, event)


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
    if paid:
        await _occupy([_subject(rule, gesture)], paid)
        await _occupy(_turns(rule, gesture, event), paid)
        await rules.charge(rule)


@transaction
async def _withdraw(rule: Rule, gesture: Gesture, event: Event) -> None:
    key, cause = _source_key(rule, gesture), _cause(Reason.TAKEN_BACK, event)
    if await ledger.void(key, cause, person_id=UUID(gesture.payee)):
        return  # the news of the gesture itself has yet to come
    if paid := await holds.take_back(key, cause):
        await Slot.filter(transfer_id=paid.id).delete()
        await rules.refund(paid)


async def _check_order(rule: Rule, gesture: Gesture, event: Event) -> None:
    """Nobody praises the same thing twice, unless it was taken back in between."""
    paid = Slot.filter(key=_subject(rule, gesture))
    if await paid.filter(transfer__hold__available_at__gt=event.due_at).exists():
        raise Early


async def _occupy(keys: Iterable[str], paid: Transfer) -> None:
    """Take the first of these slots that is free. Raises NoTurnLeft."""
    for key in keys:
        if await inserts.added(Slot(key=key, transfer_id=paid.id)):
            return
    raise NoTurnLeft


def _source_key(rule: Rule, gesture: Gesture) -> str:
    return f"{rule.name}:{gesture.id}"


def _subject(rule: Rule, gesture: Gesture) -> str:
    return f"{rule.name}:{gesture.subject}"


def _turns(rule: Rule, gesture: Gesture, event: Event) -> list[str]:
    week = clock.business_date(event.due_at).strftime("%G-W%V")
    pair = f"{rule.name}:{gesture.giver}:{gesture.payee}:{week}"
    return [f"{pair}:{n}" for n in range(rule.per_pair_and_week)]


def _cause(reason: Reason, event: Event) -> Cause:
    return Cause(reason=reason, at=event.due_at, event_id=event.id, caused_by=event.actor_id)
