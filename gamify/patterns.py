"""Patterns: thanks that look arranged. What earns by them waits until somebody has looked."""

from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from core.database.sql import Statement
from gamify.ledger import Transfer
from gamify.reasons import Reason

WINDOW = timedelta(days=28)
AGAIN = 4  # times in the window that one must have thanked another to be part of a ring
LONGEST = 4  # people in a ring
BURST, SPAN = 10, timedelta(minutes=10)  # thanks by one colleague


class Pattern(StrEnum):
    RING = "RING"  # some people thank each other in turn, again and again
    BURST = "BURST"  # one colleague thanks many times within minutes
    DECISION = "DECISION"  # somebody found it


#: Whom each of these has thanked again and again.
THANKED = Statement(
    """
    SELECT person_id FROM transfer
    WHERE caused_by = ANY(:givers) AND at > :since AND at <= :until AND reason = 'EARNED'
    GROUP BY caused_by, person_id HAVING COUNT(*) >= :again
    """,
)


async def of(paid: Transfer) -> Pattern | None:
    """What the payment is part of, with those before it."""
    if paid.caused_by is None:
        return None
    if await _is_burst(paid):
        return Pattern.BURST
    return Pattern.RING if await _closes_ring(paid) else None


async def _is_burst(paid: Transfer) -> bool:
    span = {"at__gt": paid.at - SPAN, "at__lte": paid.at}
    by_them = Transfer.filter(caused_by=paid.caused_by, reason=Reason.EARNED, **span)
    return await by_them.count() >= BURST


async def _closes_ring(paid: Transfer) -> bool:
    """Whether whom it pays leads back to who thanked, over people who thanked again and again."""
    if paid.person_id not in await _thanked({paid.caused_by}, paid):
        return False
    reached: set[UUID | None] = {paid.person_id}
    known = reached
    for _ in range(LONGEST - 1):
        reached = await _thanked(reached, paid) - known
        if paid.caused_by in reached:
            return True
        known |= reached
    return False


async def _thanked(givers: set[UUID | None], paid: Transfer) -> set[UUID | None]:
    since, until = paid.at - WINDOW, paid.at
    found = await THANKED.rows(givers=givers, since=since, until=until, again=AGAIN)
    return {UUID(str(id)) for (id,) in found}
