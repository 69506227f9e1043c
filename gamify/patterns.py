"""Patterns: thanks that look arranged. What earns by them waits until somebody has looked."""

from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from core import settings
from core.database.sql import Statement
from gamify.ledger import Transfer
from gamify.reasons import Reason

LONGEST = 4  # people in a ring


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
    chosen = settings.current()
    since = paid.at - timedelta(minutes=chosen.burst_minutes)
    by_them = Transfer.filter(caused_by=paid.caused_by, reason=Reason.EARNED)
    return await by_them.filter(at__gt=since, at__lte=paid.at).count() >= chosen.burst_times


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
    chosen = settings.current()
    since, again = paid.at - timedelta(days=chosen.ring_days), chosen.ring_times
    found = await THANKED.rows(givers=givers, since=since, until=paid.at, again=again)
    return {UUID(str(id)) for (id,) in found}
