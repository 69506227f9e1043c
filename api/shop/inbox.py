"""The inbox of orders, for HR."""

from datetime import datetime
from uuid import UUID

import strawberry

from api.connections import Connection
from api.people import Person as PersonView
from api.roots import mutation, payload, query
from api.shop.redemptions import Redemption
from api.views import ROW, Node, batch, view
from core import people
from core.pages import Connection as Rows
from core.pages import Page
from core.people import Person
from gamify.shop import inbox, orders, pickups, redemptions, step_batches, undoing
from gamify.shop.inbox import Filter
from gamify.shop.orders import Wanted
from gamify.shop.redemptions import RedemptionState


@view(inbox.Waiting)
class WaitingRedemptions:
    """How many orders are in a state, and how many of them HR is late with."""

    state: RedemptionState
    open_count: int
    late_count: int


@view(step_batches.Result)
class StepResult:
    """What became of one order; without a `code` it moved."""

    redemption: Redemption | None = batch(redemptions.by_id, key="redemption_id")
    code: str | None
    message: str | None = batch(step_batches.messages, key="code")


@view(step_batches.StepBatch)
class StepBatch(Node):
    """What was done at once; until `undoableUntil` it can be taken back."""

    state: RedemptionState
    at: datetime
    is_undone: bool
    undoable_until: datetime | None
    by: PersonView | None = batch(people.by_id, key="by_id")
    results: list[StepResult] = batch(step_batches.results, key=ROW)


@view(pickups.Pickup)
class Pickup:
    """Whose prize a scanned code stands for, and who may take it along."""

    redemption: Redemption
    collector: PersonView | None = batch(people.by_id, key="collector_id")
    is_proxy: bool


@strawberry.input
class RedemptionFilter:
    """All that is given must hold; without states, what is open."""

    states: list[RedemptionState] | None = None
    site_id: UUID | None = None
    reward_id: UUID | None = None
    buyer_id: UUID | None = None
    responsible_id: UUID | None = None
    is_late: bool = False

    @property
    def chosen(self) -> Filter:
        return Filter(**vars(self))


@strawberry.input
class RedemptionOrder:
    reward_id: UUID
    expected_cost: int
    site_id: UUID | None = None
    address: str | None = None


@query(Connection[Redemption])
async def redemption_inbox(
    viewer: Person, page: Page, *, filter: RedemptionFilter | None = None
) -> Rows[redemptions.Redemption]:
    """The orders of everybody, the oldest first."""
    return await inbox.listed(filter.chosen if filter else Filter(), page=page)


@query(list[WaitingRedemptions])
async def waiting_redemptions(viewer: Person) -> list[inbox.Waiting]:
    """How much is open."""
    return await inbox.counts()


@query(Pickup | None)
async def pickup(viewer: Person, code: str) -> pickups.Pickup | None:
    """What a scanned code stands for."""
    return await pickups.scanned(code)


@query(Connection[StepBatch])
async def step_batches_(viewer: Person, page: Page) -> Rows[step_batches.StepBatch]:
    """What HR did, the latest first."""
    return await step_batches.listed(page=page)


@mutation(payload("RedemptionsStepped", StepBatch))
async def step_redemptions(
    viewer: Person,
    *,
    redemption_ids: list[UUID],
    to: RedemptionState,
    idempotency_key: str,
    reason: str = "",
) -> step_batches.StepBatch:
    """Approve, reject, make ready, hand out or take back up to 100 orders.

    Each of them that can be moves; `results` tell why another did not. Buyers read the reason.
    """
    ids = redemption_ids
    return await step_batches.step(ids, to, by=viewer, key=idempotency_key, reason=reason)


@mutation(payload("StepUndone", StepBatch))
async def undo_step(viewer: Person, batch_id: UUID) -> step_batches.StepBatch:
    """Take an approval, or what was made ready, back within ten minutes, unless more followed."""
    return await undoing.undo(batch_id, by=viewer)


@mutation(payload("PrizeHandedOver", Redemption))
async def hand_over(viewer: Person, code: str, idempotency_key: str) -> redemptions.Redemption:
    """Give a prize to whoever shows its code."""
    return await pickups.hand_over(code, by=viewer, key=idempotency_key)


@mutation(payload("RedeemedForLeaver", Redemption))
async def redeem_for_leaver(
    viewer: Person, person_id: UUID, order: RedemptionOrder, idempotency_key: str
) -> redemptions.Redemption:
    """Order for somebody who left in the last 60 days; another one of HR sees to it."""
    wanted = Wanted(**vars(order))
    return await orders.redeem_for(person_id, wanted, by=viewer, key=idempotency_key)
