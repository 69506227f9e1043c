"""The inbox: what HR has to see to, the oldest first, and how long it has waited."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from core import clock, pages
from core.database.sql import Statement
from core.pages import Connection, Listing, Page
from gamify.shop import holidays, terms
from gamify.shop.redemptions import APPROVED, READY, REQUESTED, Redemption, RedemptionState

ORDER = Listing("redemption inbox", "requested_at", newest_first=False)
WAITING = (REQUESTED, APPROVED)
"""for HR; what is ready waits for its buyer"""
OPEN = (*WAITING, READY)

#: What is null is left open.
WANTED = """
    SELECT redemption.* FROM redemption WHERE state = ANY(:states)
    AND (CAST(:site AS uuid) IS NULL OR site_id = :site)
    AND (CAST(:reward AS uuid) IS NULL OR reward_id = :reward)
    AND (CAST(:buyer AS uuid) IS NULL OR buyer_id = :buyer)
    AND (CAST(:responsible AS uuid) IS NULL OR reward_id IN (
        SELECT reward.id FROM reward WHERE reward.responsible_id = :responsible))
    AND (CAST(:late AS date) IS NULL OR requested_on <= :late)
"""
LISTED = pages.Listed(WANTED, Redemption, ORDER)
FIRST = Statement(f"{WANTED} {ORDER.ordered('redemption')} LIMIT :most", Redemption)
COUNTS = Statement(
    """
    SELECT state, COUNT(*), SUM(CASE WHEN requested_on <= :late THEN 1 ELSE 0 END)
    FROM redemption WHERE state = ANY(:states) GROUP BY state
    """
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """All that is given must hold; without states, what is open."""

    states: Sequence[RedemptionState] | None = None
    site_id: UUID | None = None
    reward_id: UUID | None = None
    buyer_id: UUID | None = None
    responsible_id: UUID | None = None
    is_late: bool = False


class Waiting(NamedTuple):
    """How many orders are in a state, and of those for how many we are late."""

    state: RedemptionState
    open_count: int
    late_count: int


async def listed(chosen: Filter, *, page: Page) -> Connection[Redemption]:
    return await LISTED.read(page, **await _values(chosen))


async def first(chosen: Filter, *, most: int) -> list[Redemption]:
    """The same, without pages."""
    return [row for (row,) in await FIRST.rows(most=most, **await _values(chosen))]


async def counts() -> list[Waiting]:
    """Of everything open."""
    rows = await COUNTS.rows(states=OPEN, late=await _late_since())
    found = {state: (open_, late if state in WAITING else 0) for state, open_, late in rows}
    return [Waiting(state, *found.get(state, (0, 0))) for state in OPEN]


async def ages(rows: Sequence[Redemption]) -> list[int]:
    """For how many working days each has been waiting, or waited until its last step."""
    today = clock.business_date()
    calendar = await holidays.calendar(today)
    return [calendar.age(row.requested_on, _until(row)) for row in rows]


async def are_late(rows: Sequence[Redemption]) -> list[bool]:
    """Whether HR has not yet made ready what should have been."""
    days = (await terms.current()).service_days
    waited = zip(rows, await ages(rows), strict=True)
    return [row.state in WAITING and age > days for row, age in waited]


def _until(row: Redemption) -> date:
    return clock.business_date() if row.state in WAITING else clock.business_date(row.moved_at)


async def _values(chosen: Filter) -> dict[str, Any]:
    """Of `WANTED`; nothing is late but what waits for us."""
    states = chosen.states or OPEN
    return {
        "states": [one for one in states if one in WAITING or not chosen.is_late],
        "site": chosen.site_id,
        "reward": chosen.reward_id,
        "buyer": chosen.buyer_id,
        "responsible": chosen.responsible_id,
        "late": await _late_since() if chosen.is_late else None,
    }


async def _late_since() -> date:
    """What waits for us and was ordered by that day is late."""
    today = clock.business_date()
    days, calendar = (await terms.current()).service_days, await holidays.calendar(today)
    return calendar.before(today, days)
