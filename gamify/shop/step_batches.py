"""Batches: HR takes one order or many a step further at once, and may undo it for ten minutes."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from core import audit, clock, idempotency, pages
from core.database.sql import Statement
from core.errors import Forbidden, Invalid, Refused
from core.pages import Connection, Listing, Page
from core.people import Person
from core.text import Language, Text
from core.transactions import transaction
from gamify.shop import moves, rewards
from gamify.shop.moves import BEFORE, UNDO, NotThatStep
from gamify.shop.redemptions import (
    APPROVED,
    CANCELLED,
    FULFILLED,
    READY,
    REJECTED,
    REQUESTED,
    RETURNED,
    Redemption,
    RedemptionNotFound,
    RedemptionState,
)
from gamify.shop.rewards import RewardKind
from gamify.shop.steps import REASON, Move

MOST = 100  # orders at once
EXPLAINED = {REJECTED, RETURNED}


class StepBatch(Model):
    id = fields.UUIDField(primary_key=True)
    state = fields.CharEnumField(RedemptionState, max_length=20, description="that was meant")
    by_id: UUID = fields.UUIDField(db_index=True)
    at: datetime = fields.DatetimeField()
    outcome: list[Any] = fields.JSONField(description="pairs of order and code of its refusal")
    undone_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "step_batch"
        indexes = (("at", "id"),)

    @property
    def is_undone(self) -> bool:
        return self.undone_at is not None

    @property
    def undoable_until(self) -> datetime | None:
        return self.at + UNDO if self.state in UNDOABLE and not self.is_undone else None


UNDOABLE = {APPROVED: REQUESTED, READY: APPROVED}
"""and where from"""


BATCHES = Listing("step batches", "at")


LISTED = pages.Listed("SELECT step_batch.* FROM step_batch WHERE TRUE", StepBatch, BATCHES)


class Result(NamedTuple):
    """What became of one order in a batch; without a code it moved."""

    redemption_id: UUID
    code: str | None


LOCK = Statement(
    "SELECT redemption.* FROM redemption WHERE id = ANY(:ids) ORDER BY id FOR UPDATE",
    Redemption,
    sqlite="SELECT redemption.* FROM redemption WHERE id = ANY(:ids) ORDER BY id",
)


class OwnOrder(Forbidden):
    text = Text(
        "Somebody else sees to orders of your own.",
        "与你本人有关的订单须由其他同事处理。",
        "與你本人有關的訂單須由其他同事處理。",
    )


class CodesAreRevealed(Forbidden):
    text = Text(
        "Its buyer reveals a voucher code; nobody else hands it out.",
        "券码由兑换者本人查看，不能代为发放。",
        "券碼由兌換者本人查看，不能代為發放。",
    )


class StepNeedsReason(Invalid):
    text = Text(
        f"Tell the buyer why, in at most {REASON} characters.",
        f"请告诉兑换者原因，最多 {REASON} 个字符。",
        f"請告訴兌換者原因，最多 {REASON} 個字元。",
    )


class NotAStep(Invalid):
    text = Text(
        f"HR approves, rejects, makes ready, hands out and takes back 1 to {MOST} orders at once.",
        f"可以批准、拒绝、备好、发放或退回订单，每次 1 到 {MOST} 笔。",
        f"可以核准、拒絕、備妥、發放或退回訂單，每次 1 到 {MOST} 筆。",
    )


REFUSALS: dict[str, type[Refused]] = {
    refusal.code: refusal
    for refusal in (RedemptionNotFound, OwnOrder, CodesAreRevealed, NotThatStep)
}


@transaction
async def step(
    ids: Sequence[UUID], to: RedemptionState, *, by: Person, key: str, reason: str = ""
) -> StepBatch:
    """Take these orders to a state, each of them that can be. Raises NotAStep, StepNeedsReason."""
    if to in {REQUESTED, CANCELLED} or not 0 < len(ids) <= MOST:
        raise NotAStep
    if len(reason) > REASON or (to in EXPLAINED and not reason.strip()):
        raise StepNeedsReason
    batch = StepBatch(id=uuid4(), state=to, by_id=by.id, at=clock.now(), outcome=[])
    asked = ["step", *ids, to, reason]
    if (first := await idempotency.claim(key, by=by.id, asked=asked, result=batch.id)) != batch.id:
        return await StepBatch.get(id=first)
    codes = await _refusals(set(ids), to, by)
    moved = await _move([id for id, code in codes.items() if not code], batch, reason)
    batch.outcome = [[str(id), codes.get(id)] for id in dict.fromkeys(ids)]
    await batch.save(force_create=True)
    await audit.record("redemptions.stepped", by=by.id, about=batch.id, to=to, count=len(moved))
    return batch


async def listed(*, page: Page) -> Connection[StepBatch]:
    """What HR did, the latest first."""
    return await LISTED.read(page)


async def results(batches: Sequence[StepBatch]) -> list[list[Result]]:
    """What became of each order of these batches."""
    return [[Result(UUID(id), code) for id, code in batch.outcome] for batch in batches]


async def messages(codes: Sequence[str], *, language: Language) -> list[str]:
    return [REFUSALS[code].text.to(language) for code in codes]


def concerns(redemption: Redemption, person: Person) -> bool:
    """Whether it is for somebody, or was ordered by them for another."""
    return person.id in {redemption.buyer_id, redemption.ordered_by_id}


async def _refusals(
    ids: Collection[UUID], to: RedemptionState, by: Person
) -> dict[UUID, str | None]:
    """Of each order why it cannot go there; the rows stay as they are until we commit."""
    rows = [redemption for (redemption,) in await LOCK.rows(ids=list(ids))]
    found = await rewards.by_id([row.reward_id for row in rows])
    codes: dict[UUID, str | None] = dict.fromkeys(ids, RedemptionNotFound.code)
    for row, reward in zip(rows, found, strict=True):
        refused = _refusal(row, reward.kind, to, by)
        codes[row.id] = refused.code if refused else None
    return codes


def _refusal(
    redemption: Redemption, kind: RewardKind, to: RedemptionState, by: Person
) -> type[Refused] | None:
    if concerns(redemption, by):
        return OwnOrder
    if redemption.state not in BEFORE[to]:
        return NotThatStep
    if to is FULFILLED and kind is RewardKind.VOUCHER:
        return CodesAreRevealed
    return None


async def _move(ids: Sequence[UUID], batch: StepBatch, reason: str) -> list[Redemption]:
    """A voucher code that is approved is ready at once: nobody has to pack it."""
    move = Move(batch.id, batch.by_id, reason)
    moved = await moves.make(ids, batch.state, move)
    if batch.state is APPROVED:
        found = await rewards.by_id([redemption.reward_id for redemption in moved])
        pairs = zip(moved, found, strict=True)
        codes = [one.id for one, reward in pairs if reward.kind is RewardKind.VOUCHER]
        await moves.make(codes, READY, Move(batch.id))
    return moved
