"""Holds: what colleagues' gestures earn is pending for 72 hours, in which they may take it back."""

from datetime import timedelta
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from core import clock
from core.database import inserts
from core.transactions import transaction
from gamify import accounts, ledger
from gamify.ledger import Cause, Postings, Transfer
from gamify.reasons import Reason

HELD = timedelta(hours=72)
BATCH = 200


class Hold(Model):
    """Stands as long as the transfer's points are pending; who deletes it decides on them."""

    transfer: fields.OneToOneRelation[Transfer] = fields.OneToOneField(
        "models.Transfer", primary_key=True, on_delete=fields.RESTRICT, related_name="hold"
    )
    transfer_id: UUID
    person_id = fields.UUIDField(db_index=True)
    points: int = fields.BigIntField()
    available_at = fields.DatetimeField()
    is_stopped = fields.BooleanField(default=False, description="until somebody has looked at it")

    class Meta:
        table = "hold"
        indexes = (("is_stopped", "available_at"),)


@transaction
async def earn(
    source_key: str, points: int, cause: Cause, *, person_id: UUID, rule_id: UUID
) -> Transfer | None:
    """Let a rule pay points that stay pending; None if the source key was used before."""
    postings = {accounts.pending(person_id): points, accounts.issued(rule_id): -points}
    earned = await ledger.transfer(
        source_key, postings, cause, person_id=person_id, rule_id=rule_id
    )
    if earned:
        until = cause.at + HELD
        await inserts.add(
            [Hold(transfer=earned, person_id=person_id, points=points, available_at=until)]
        )
    return earned


@transaction
async def take_back(source_key: str, cause: Cause) -> Transfer | None:
    """Reverse what was earned under a source key, and tell it; None if it was pending no more."""
    held = Hold.filter(transfer__source_key=source_key, available_at__gt=cause.at)
    hold = await held.select_related("transfer").first()
    if hold is None or not await lift(hold.transfer_id):
        return None
    await ledger.reverse(hold.transfer_id, cause)
    return hold.transfer


async def release_due() -> int:
    """Due work: make available what was held long enough, oldest first; how many were released.

    Any number of processes may do it at once.
    """
    due = Hold.filter(is_stopped=False, available_at__lte=clock.now())
    holds = await due.order_by("available_at", "transfer_id").limit(BATCH)
    return sum([await _release(hold) for hold in holds])


@transaction
async def _release(hold: Hold) -> bool:
    if not await Hold.filter(transfer_id=hold.transfer_id, is_stopped=False).delete():
        return False
    cause, key = Cause(reason=Reason.RELEASED), f"release:{hold.transfer_id}"
    postings = {**await earning(hold.person_id, hold.points, await _year(hold))}
    postings[accounts.pending(hold.person_id)] = -hold.points
    return await ledger.transfer(key, postings, cause, person_id=hold.person_id) is not None


async def earning(person_id: UUID, points: int, year: int) -> Postings:
    """What is owed is filled first; the rest can be spent, as points of that year."""
    purse, debt = await accounts.held(person_id), accounts.debt(person_id)
    filled = min(points, -purse.get(debt, 0))
    moved = {debt: filled, accounts.available(person_id, year): points - filled}
    return {name: amount for name, amount in moved.items() if amount}


async def _year(hold: Hold) -> int:
    """Of the gesture."""
    return (await Transfer.get(id=hold.transfer_id)).business_date.year


async def lift(transfer_id: UUID) -> bool:
    """Whether nobody else decided on these points before."""
    return await Hold.filter(transfer_id=transfer_id).delete() == 1
