"""Pick-ups: a code that the phone of the buyer, or of whom they named, shows; HR scans it once."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID, uuid4

import segno

from core import cursors, idempotency, people
from core.cursors import BadCursor
from core.errors import Conflict, Invalid
from core.people import Person
from core.text import Text
from core.transactions import transaction
from gamify.shop import moves, redemptions
from gamify.shop.moves import NotThatStep
from gamify.shop.redemptions import APPROVED, FULFILLED, READY, REQUESTED, Redemption
from gamify.shop.step_batches import OwnOrder, concerns
from gamify.shop.steps import Move

LISTING = "pickups"
OPEN = (REQUESTED, APPROVED, READY)


class Pickup(NamedTuple):
    """What a scanned code tells: which order, and who may take it along."""

    redemption: Redemption
    collector_id: UUID

    @property
    def is_proxy(self) -> bool:
        return self.collector_id != self.redemption.buyer_id


class Pass(NamedTuple):
    """What a phone shows."""

    code: str

    @property
    def qr(self) -> str:
        """As an SVG."""
        return segno.make(self.code, error="m", micro=False).svg_inline(scale=4)


class NotACode(Invalid):
    text = Text(
        "This is not a pick-up code, or another one took its place.",
        "这不是有效的取件码，或已被新的取件码替代。",
        "這不是有效的取件碼，或已被新的取件碼取代。",
    )


class NoProxy(Conflict):
    text = Text(
        "Name a colleague, not yourself, while a prize is on its way or waits to be collected.",
        "只能在奖品待领取前指定一位同事代领，不能指定自己。",
        "只能在獎品待領取前指定一位同事代領，不能指定自己。",
    )


@transaction
async def entrust(redemption_id: UUID, person_id: UUID | None, *, by: Person) -> Redemption:
    """Let a colleague collect an order of one's own, or nobody else any more. Raises NoProxy."""
    redemption = await redemptions.own(redemption_id, by=by)
    if person_id == by.id or not redemption.site_id:
        raise NoProxy
    if person_id:
        await people.found(person_id)
    if not await Redemption.filter(id=redemption.id, state__in=OPEN).update(proxy_id=person_id):
        raise NoProxy
    redemption.proxy_id = person_id
    return redemption


@transaction
async def hand_over(code: str, *, by: Person, key: str) -> Redemption:
    """Give the prize to whoever shows its code. Raises NotACode, OwnOrder, NotThatStep."""
    redemption, collector_id = await scanned(code)
    if concerns(redemption, by) or collector_id == by.id:
        raise OwnOrder
    asked, move = ["hand over", code], Move(uuid4(), by.id)
    if await idempotency.claim(key, by=by.id, asked=asked, result=move.id) != move.id:
        return await Redemption.get(id=redemption.id)
    moved = await moves.make([redemption.id], FULFILLED, move)
    if not moved:
        raise NotThatStep
    await Redemption.filter(id=redemption.id).update(collected_by_id=collector_id)
    moved[0].collected_by_id = collector_id
    return moved[0]


async def scanned(code: str) -> Pickup:
    """Raises NotACode."""
    try:
        plain = cursors.opened(code, listing=LISTING)
    except BadCursor:
        raise NotACode from None
    redemption = await Redemption.get_or_none(id=UUID(bytes=plain[:16]))
    collector_id = UUID(bytes=plain[16:])
    if redemption is None or collector_id not in {redemption.buyer_id, redemption.proxy_id}:
        raise NotACode
    return Pickup(redemption, collector_id)


async def passes(rows: Sequence[Redemption], *, viewer: Person) -> list[Pass | None]:
    """What the viewer shows to collect each, as long as that waits for them."""
    return [_pass(row, viewer) for row in rows]


def _pass(redemption: Redemption, viewer: Person) -> Pass | None:
    is_theirs = viewer.id in {redemption.buyer_id, redemption.proxy_id}
    if not is_theirs or not redemption.site_id or redemption.state is not READY:
        return None
    place = redemption.id.bytes + viewer.id.bytes
    return Pass(cursors.closed(place, listing=LISTING))
