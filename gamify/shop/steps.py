"""Steps: what happened to an order, one after the other, as its buyer may read it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from core import clock
from core.database import inserts
from gamify.shop.redemptions import Redemption, RedemptionState

REASON = 500  # characters


class RedemptionStep(Model):
    id = fields.UUIDField(primary_key=True)
    redemption: fields.ForeignKeyRelation[Redemption] = fields.ForeignKeyField("models.Redemption")
    redemption_id: UUID
    number = fields.SmallIntField(description="within its order")
    state = fields.CharEnumField(RedemptionState, max_length=20)
    by_id: UUID | None = fields.UUIDField(null=True, description="null: of itself")
    reason = fields.CharField(max_length=REASON, default="", db_default="")
    is_undoing = fields.BooleanField(default=False, db_default=False)
    move_id: UUID = fields.UUIDField(db_index=True, description="made together with others")
    at: datetime = fields.DatetimeField()

    class Meta:
        table = "redemption_step"
        unique_together = ("redemption", "number")


class Move(NamedTuple):
    """What is done at once, to one order or to many, and by whom."""

    id: UUID
    by_id: UUID | None = None
    reason: str = ""

    def step(self, redemption: Redemption, *, is_undoing: bool = False) -> RedemptionStep:
        """The one that brought an order to where it is now."""
        return RedemptionStep(
            redemption_id=redemption.id,
            number=redemption.steps,
            state=redemption.state,
            by_id=self.by_id,
            reason=self.reason,
            is_undoing=is_undoing,
            move_id=self.id,
            at=clock.now(),
        )


async def write(steps: Iterable[RedemptionStep]) -> None:
    await inserts.add([*steps])


async def of(redemption_ids: Sequence[UUID]) -> list[list[RedemptionStep]]:
    """The steps of each order, in their order."""
    found = defaultdict(list)
    for step in await RedemptionStep.filter(redemption_id__in=set(redemption_ids)).order_by(
        "number"
    ):
        found[step.redemption_id].append(step)
    return [found[id] for id in redemption_ids]


async def made_in(move_id: UUID) -> list[RedemptionStep]:
    """Those of one move, with their orders."""
    return (
        await RedemptionStep.filter(move_id=move_id).order_by("number").select_related("redemption")
    )
