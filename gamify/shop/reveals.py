"""Reveals: who bought a voucher sees its code, once."""

from typing import NamedTuple
from uuid import UUID, uuid4

from core import audit, idempotency
from core.errors import Conflict
from core.people import Person
from core.text import Text
from core.transactions import transaction
from gamify.shop import moves, redemptions, vouchers
from gamify.shop.redemptions import FULFILLED, Redemption
from gamify.shop.rewards import Reward, RewardKind
from gamify.shop.steps import Move


class Revealed(NamedTuple):
    redemption: Redemption
    voucher_code: str


class NothingToReveal(Conflict):
    text = Text(
        "There is no code to show here: it is not ready yet, or was shown before. Ask HR if you "
        "lost it.",
        "这里没有可显示的券码：可能尚未备好，或已经显示过。如有遗失请联系人事。",
        "這裡沒有可顯示的券碼：可能尚未備妥，或已經顯示過。如有遺失請聯絡人資。",
    )


@transaction
async def reveal(redemption_id: UUID, *, by: Person, key: str) -> Revealed:
    """Show the code; only the same key shows it again. Raises NothingToReveal."""
    redemption = await redemptions.own(redemption_id, by=by)
    reward, id = await Reward.get(id=redemption.reward_id), uuid4()
    if reward.kind is not RewardKind.VOUCHER:
        raise NothingToReveal
    asked = ["reveal", redemption_id]
    if await idempotency.claim(key, by=by.id, asked=asked, result=id) != id:
        shown = await Redemption.get(id=redemption.id)
        return Revealed(shown, await vouchers.revealed(shown.id))
    moved = await moves.make([redemption.id], FULFILLED, Move(id))
    if not moved:
        raise NothingToReveal
    code = await vouchers.reveal(redemption.id, reward.id)
    await audit.record("voucher.revealed", by=by.id, about=redemption.id)
    return Revealed(moved[0], code)
