"""Moves: an order goes from state to state, each way by one guarded UPDATE."""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID, uuid4

from core import clock, events
from core.database.sql import Statement
from core.errors import Conflict
from core.people import Person
from core.text import Text
from core.transactions import transaction
from gamify.shop import redemptions, settlements, steps
from gamify.shop.redemptions import (
    APPROVED,
    CANCELLED,
    FULFILLED,
    READY,
    REJECTED,
    REQUESTED,
    RETURNED,
    UNDONE,
    Redemption,
    RedemptionState,
)
from gamify.shop.steps import Move

#: From where each state is reached.
BEFORE: dict[RedemptionState, Collection[RedemptionState]] = {
    REQUESTED: (),
    APPROVED: (REQUESTED,),
    REJECTED: (REQUESTED, APPROVED),
    CANCELLED: (REQUESTED, APPROVED),
    READY: (APPROVED,),
    FULFILLED: (READY,),
    RETURNED: (FULFILLED,),
}

UNDO = timedelta(minutes=10)
"""in which what HR approved or made ready can be undone"""

MOVE = Statement(
    """
    UPDATE redemption SET state = :state, steps = steps + 1, moved_at = :now,
        slot = CASE WHEN :frees THEN NULL ELSE slot END
    WHERE id = ANY(:ids) AND state = ANY(:before) RETURNING redemption.*
    """,
    Redemption,
)


class NotThatStep(Conflict):
    text = Text(
        "This order is somewhere else by now. Look at it again.",
        "这笔订单的状态已经变了，请重新查看。",
        "這筆訂單的狀態已經變了，請重新查看。",
    )


@transaction
async def cancel(redemption_id: UUID, *, by: Person) -> Redemption:
    """Take an order of one's own back, before it is ready; doing it twice is once.

    Raises NotThatStep.
    """
    redemption = await redemptions.own(redemption_id, by=by)
    if moved := await make([redemption.id], CANCELLED, Move(uuid4(), by.id)):
        return moved[0]
    redemption = await redemptions.own(redemption_id, by=by)
    if redemption.state is not CANCELLED:
        raise NotThatStep
    return redemption


async def make(ids: Collection[UUID], to: RedemptionState, move: Move) -> list[Redemption]:
    """Move those that can be; points, stock and budget follow."""
    moved = await _moved(ids, to)
    if moved:
        await steps.write(map(move.step, moved))
        await settlements.follow(moved)
        await tell(to, move)
    return moved


async def tell(state: RedemptionState, move: Move) -> None:
    """Whoever delivers what is approved hears of it once that cannot be undone any more."""
    await events.record(f"redemption.{state.lower()}", move=move.id)
    if state is APPROVED:
        due_at = clock.now() + UNDO if move.by_id else None
        await events.record("fulfilment.due", due_at=due_at, move=move.id)


async def _moved(ids: Collection[UUID], to: RedemptionState) -> list[Redemption]:
    given = {"ids": list(ids), "state": to, "before": list(BEFORE[to]), "now": clock.now()}
    return [redemption for (redemption,) in await MOVE.rows(**given, frees=to in UNDONE)]
