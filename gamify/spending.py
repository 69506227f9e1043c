"""Spending: what somebody orders is reserved, then settled or given back.

Oldest points go first, and come back to the years they were earned in. All three belong into the
transaction of the order, may be repeated under the same source key and may meet each other for one
person: they wait for that person's accounts, in one order. So take an order's own rows before, and
what many orders share (stock, a budget) after, always in the same order.
"""

from collections.abc import Mapping
from uuid import UUID

from core.transactions import transaction
from gamify import accounts, ledger
from gamify.accounts import Kind, Name, NotEnoughPoints
from gamify.ledger import Cause, Postings, Transfer


@transaction
async def reserve(source_key: str, points: int, cause: Cause, *, person_id: UUID) -> Transfer:
    """Take points (more than 0) out of what a person can spend; the same key again takes nothing.

    Raises NotEnoughPoints.
    """
    purse = await accounts.held(person_id)
    if earlier := await Transfer.get_or_none(source_key=source_key):
        return earlier
    postings = {**taken(purse, points), accounts.reserved(person_id): points}
    made = await ledger.transfer(source_key, postings, cause, person_id=person_id)
    return made or await Transfer.get(source_key=source_key)


@transaction
async def settle(reservation: Transfer, cause: Cause) -> Transfer | None:
    """Let reserved points be spent for good; None if that was done, or they were given back."""
    person_id, points = reservation.person_id, -reservation.points
    await accounts.held(person_id)
    if await Transfer.exists(reverses_id=reservation.id):
        return None
    postings = {accounts.reserved(person_id): -points, accounts.SPENT: points}
    return await ledger.transfer(_settled(reservation), postings, cause, person_id=person_id)


@transaction
async def refund(reservation: Transfer, cause: Cause) -> Transfer | None:
    """Give back what was reserved, settled or not; None if that was done before."""
    await accounts.held(reservation.person_id)
    if settled := await Transfer.get_or_none(source_key=_settled(reservation)):
        await ledger.reverse(settled.id, cause)
    return await ledger.reverse(reservation.id, cause)


def taken(purse: Mapping[Name, int], points: int) -> Postings:
    """Postings that take points from what can be spent, oldest first. Raises NotEnoughPoints."""
    available = {name: has for name, has in purse.items() if name.kind is Kind.AVAILABLE and has}
    if (balance := sum(available.values())) < points:
        raise NotEnoughPoints(balance=balance, needed=points)
    postings, left = {}, points
    for name, has in available.items():
        if part := min(has, left):
            postings[name], left = -part, left - part
    return postings


def _settled(reservation: Transfer) -> str:
    return f"settled:{reservation.id}"
