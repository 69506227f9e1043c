"""The inbox: what HR has to see to, the oldest first, and how long it has waited."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID

from tortoise.expressions import Q
from tortoise.functions import Count

from core import clock, pages
from core.pages import Connection, Listing, Page
from gamify.shop import holidays, terms
from gamify.shop.redemptions import APPROVED, READY, REQUESTED, Redemption, RedemptionState

ORDER = Listing("redemption inbox", "requested_at", newest_first=False)
WAITING = (REQUESTED, APPROVED)
"""for HR; what is ready waits for its buyer"""


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
    return await pages.read(Redemption.filter(await condition(chosen)), ORDER, page)


async def condition(chosen: Filter) -> Q:
    """What a row must be to be shown."""
    wanted = Q(state__in=chosen.states or (*WAITING, READY))
    for column in ("site_id", "reward_id", "buyer_id"):
        if value := getattr(chosen, column):
            wanted &= Q(**{column: value})
    if chosen.responsible_id:
        wanted &= Q(reward__responsible_id=chosen.responsible_id)
    return wanted & await _late() if chosen.is_late else wanted


async def counts() -> list[Waiting]:
    """Of everything open."""
    open_ = await _counted(Q(state__in=(*WAITING, READY)))
    late = await _counted(await _late())
    return [Waiting(one, open_.get(one, 0), late.get(one, 0)) for one in (*WAITING, READY)]


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


async def _late() -> Q:
    today = clock.business_date()
    days, calendar = (await terms.current()).service_days, await holidays.calendar(today)
    return Q(state__in=WAITING, requested_on__lte=calendar.before(today, days))


async def _counted(wanted: Q) -> dict[RedemptionState, int]:
    found = Redemption.filter(wanted).annotate(n=Count("id")).group_by("state")
    return dict(await found.values_list("state", "n"))
