"""Pick lists: what is packed or waits at a site, by the shift in which its buyer comes next."""

from collections import defaultdict
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from core.rosters import shifts
from gamify.shop.redemptions import APPROVED, READY, Redemption

MOST = 300


class PickGroup(NamedTuple):
    """Orders of those who are on duty together; without a shift, nobody knows when they come."""

    begins_at: datetime | None
    ends_at: datetime | None
    redemptions: list[Redemption]


async def of(site_id: UUID) -> list[PickGroup]:
    """The shift that comes first stands first, orders without one last."""
    waiting = Redemption.filter(site_id=site_id, state__in=(APPROVED, READY))
    orders = await waiting.order_by("requested_at", "id").limit(MOST)
    coming = await shifts.of([order.buyer_id for order in orders])
    groups: defaultdict[tuple[datetime, datetime] | None, list[Redemption]] = defaultdict(list)
    for order, theirs in zip(orders, coming, strict=True):
        groups[(theirs[0].begins_at, theirs[0].ends_at) if theirs else None].append(order)
    known = sorted((shift, orders) for shift, orders in groups.items() if shift)
    told = [PickGroup(*shift, orders) for shift, orders in known]
    return told + ([PickGroup(None, None, groups[None])] if None in groups else [])
