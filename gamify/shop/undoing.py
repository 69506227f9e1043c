"""Undoing: for ten minutes a batch can be taken back, as far as nothing followed."""

from uuid import UUID, uuid4

from core import audit, clock, events
from core.database.sql import Statement
from core.errors import Conflict, NotFound
from core.people import Person
from core.text import Text
from core.transactions import transaction
from gamify.shop import steps
from gamify.shop.moves import UNDO, NotThatStep
from gamify.shop.redemptions import Redemption
from gamify.shop.step_batches import LOCK, UNDOABLE, OwnOrder, StepBatch, concerns
from gamify.shop.steps import Move, RedemptionStep

UNDONE = Statement(
    """
    UPDATE redemption SET state = :state, steps = steps + 1, moved_at = :now
    WHERE id = ANY(:ids) RETURNING redemption.*
    """,
    Redemption,
)


class BatchNotFound(NotFound):
    text = Text("This step is not here.", "找不到这次操作。", "找不到這次操作。")


class TooLateToUndo(Conflict):
    text = Text(
        "Approvals and orders made ready can be undone for ten minutes.",
        "批准和备好的操作可在十分钟内撤销。",
        "核准與備妥的操作可在十分鐘內復原。",
    )


@transaction
async def undo(batch_id: UUID, *, by: Person) -> StepBatch:
    """Take a batch back; doing it twice is once. Raises BatchNotFound, TooLateToUndo."""
    batch = await StepBatch.filter(id=batch_id).select_for_update().first()
    if batch is None:
        raise BatchNotFound
    if batch.is_undone:
        return batch
    if batch.state not in UNDOABLE or clock.now() >= batch.at + UNDO:
        raise TooLateToUndo
    codes = await _taken_back(batch, by)
    batch.outcome = [[id, codes.get(UUID(id), code)] for id, code in batch.outcome]
    batch.undone_at = clock.now()
    await batch.save(update_fields=["outcome", "undone_at"])
    await audit.record("redemptions.undone", by=by.id, about=batch.id)
    return batch


async def _taken_back(batch: StepBatch, by: Person) -> dict[UUID, str | None]:
    """Of each order that was moved why it stays as it is, if it does."""
    last = await _last_steps(batch.id)
    codes: dict[UUID, str | None] = {}
    for (redemption,) in await LOCK.rows(ids=list(last)):
        stands = redemption.steps == last[redemption.id].number
        refused = OwnOrder if concerns(redemption, by) else None if stands else NotThatStep
        codes[redemption.id] = refused.code if refused else None
    ids = [id for id, code in codes.items() if not code]
    rows = await UNDONE.rows(ids=ids, state=UNDOABLE[batch.state], now=clock.now())
    move = Move(uuid4(), by.id)
    await steps.write(move.step(redemption, is_undoing=True) for (redemption,) in rows)
    if rows:
        await events.record("redemption.undone", move=move.id, undone=batch.id)
    return codes


async def _last_steps(move_id: UUID) -> dict[UUID, RedemptionStep]:
    made = await RedemptionStep.filter(move_id=move_id).order_by("number")
    return {step.redemption_id: step for step in made}
