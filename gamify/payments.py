"""Payments: what rules pay for a gesture, once, and take back with it."""

from collections.abc import Iterable

from tortoise import fields
from tortoise.models import Model

from core.database import inserts
from core.events import Event
from core.transactions import transaction
from gamify import books, budgets, confirmations, event_kinds, holds, ledger, reviews, rules
from gamify.books import Support
from gamify.budgets import BudgetSpent
from gamify.event_kinds import UNDOING, Gesture
from gamify.ledger import Cause, Transfer
from gamify.reasons import Reason
from gamify.reviews import Review
from gamify.rules import Rule
from gamify.terms import Threshold


class Slot(Model):
    """What only one payment at a time may hold: a subject, or one of a pair's turns in a week."""

    key = fields.CharField(max_length=200, primary_key=True)
    transfer: fields.ForeignKeyRelation[Transfer] = fields.ForeignKeyField(
        "models.Transfer", on_delete=fields.RESTRICT
    )

    class Meta:
        table = "slot"


class NoTurnLeft(Exception):
    """Somebody was paid for this already; what was begun is undone."""


class Early(Exception):
    """What has to be known first has yet to be delivered; then this is delivered again."""


async def pay(event: Event) -> None:
    """Subscriber: pay what the rules promised when it happened, once. Raises Early."""
    for rule in await rules.in_force(event.name, at=event.due_at):
        if gesture := event_kinds.gesture(event, rule.payee):
            await books.consider(Paid(event), rule, gesture)


async def withdraw(event: Event) -> None:
    """Subscriber: take back what is pending for a gesture that is no more."""
    for rule in await rules.known(UNDOING[event.name], at=event.due_at):
        if gesture := event_kinds.gesture(event, rule.payee):
            await books.reconsider(Paid(event), rule, gesture)


class Paid:
    """The books that pay, while an event is delivered."""

    def __init__(self, event: Event) -> None:
        self.event = event

    async def confirm(self, rule: Rule, gesture: Gesture, threshold: Threshold) -> Support:
        return await confirmations.add(rule, gesture, threshold)

    async def deny(self, rule: Rule, gesture: Gesture, threshold: Threshold) -> Support:
        return await confirmations.take_back(rule, gesture, threshold)

    async def pay(self, rule: Rule, gesture: Gesture) -> None:
        try:
            await _pay(rule, gesture, self._cause(rule.kind.reason))
        except NoTurnLeft:
            await _check_order(rule, gesture)
        except BudgetSpent:
            await budgets.stop(rule)

    async def take_back(self, rule: Rule, gesture: Gesture) -> None:
        await _take_back(rule, gesture, self._cause(Reason.TAKEN_BACK))

    def _cause(self, reason: Reason) -> Cause:
        event = self.event
        return Cause(reason=reason, at=event.due_at, event_id=event.id, caused_by=event.actor_id)


@transaction
async def _pay(rule: Rule, gesture: Gesture, cause: Cause) -> None:
    key, points = books.source_key(rule, gesture), rule.worth(gesture)
    paid = await holds.earn(key, points, cause, person_id=gesture.payee, rule_id=rule.id)
    if paid:
        for keys in books.slots(rule, gesture):
            await _occupy(keys, paid)
        await reviews.look_at(paid)
        await budgets.charge(rule, points)


@transaction
async def _take_back(rule: Rule, gesture: Gesture, cause: Cause) -> None:
    key = await _paid_under(rule, gesture)
    if key is None or await ledger.void(key, cause, person_id=gesture.payee):
        return  # the news of the gesture itself has yet to come, or nothing was paid for several
    if paid := await holds.take_back(key, cause):
        await Slot.filter(transfer_id=paid.id).delete()
        await Review.filter(transfer_id=paid.id).delete()
        await budgets.refund(paid)


async def _paid_under(rule: Rule, gesture: Gesture) -> str | None:
    """The source key of what was paid for it, or for several, of which it was one."""
    if rule.terms.threshold is None:
        return books.source_key(rule, gesture)
    [[reached]] = books.slots(rule, gesture)
    slot = await Slot.get_or_none(key=reached).select_related("transfer")
    return slot.transfer.source_key if slot else None


async def _check_order(rule: Rule, gesture: Gesture) -> None:
    """Nobody praises the same thing twice, unless it was taken back in between."""
    same = books.slots(rule, gesture)[0]
    paid = Slot.filter(key__in=same, transfer__hold__available_at__gt=gesture.at)
    if rule.terms.threshold is None and await paid.exists():
        raise Early


async def _occupy(keys: Iterable[str], paid: Transfer) -> None:
    """Take the first of these slots that is free. Raises NoTurnLeft."""
    for key in keys:
        if await inserts.added(Slot(key=key, transfer_id=paid.id)):
            return
    raise NoTurnLeft
