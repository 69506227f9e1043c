"""Redemptions: orders for prizes, as buyers see them."""

from datetime import datetime
from typing import Any, ClassVar, Self, cast
from uuid import UUID

import strawberry

from api.errors import Refusal
from api.people import Person as PersonView
from api.roots import mutation, payload, query
from api.shop.rewards import Reward
from api.shop.sites import Site
from api.views import ROW, Node, batch, view
from core import people
from core.errors import Refused
from core.people import Person
from core.text import Language
from gamify import accounts
from gamify.shop import inbox, moves, orders, pickups, redemptions, reveals, rewards, sites, steps
from gamify.shop.orders import Wanted
from gamify.shop.redemptions import RedemptionState

strawberry.enum(RedemptionState, description="Where an order is on its way.")


@view(steps.RedemptionStep)
class RedemptionStep(Node):
    """What happened to an order, and why."""

    state: RedemptionState
    reason: str
    is_undoing: bool
    at: datetime
    by: PersonView | None = batch(people.by_id, key="by_id")


@view(pickups.Pass)
class PickupPass:
    """What HR scans. `qr` is an SVG of the code."""

    code: str
    qr: str


@view(redemptions.Redemption)
class Redemption(Node):
    """An order. `price` stays what it was then; `age` is in working days."""

    state: RedemptionState
    requested_at: datetime
    moved_at: datetime
    reward: Reward = batch(rewards.by_id, key="reward_id")
    buyer: PersonView | None = batch(people.by_id, key="buyer_id")
    proxy: PersonView | None = batch(people.by_id, key="proxy_id")
    site: Site | None = batch(sites.by_id, key="site_id")
    viewer_pass: PickupPass | None = batch(pickups.passes, key=ROW)
    price: int | None
    address: str | None
    steps: list[RedemptionStep] | None = batch(steps.of)
    value_cents: int | None
    age: int | None = batch(inbox.ages, key=ROW)
    is_late: bool | None = batch(inbox.are_late, key=ROW)
    ordered_by: PersonView | None = batch(people.by_id, key="ordered_by_id")
    collected_by: PersonView | None = batch(people.by_id, key="collected_by_id")


@strawberry.type(description="The viewer has fewer points than a prize costs.")
class NotEnoughPoints(Refusal):
    tells: ClassVar[type[Refused]] = accounts.NotEnoughPoints

    balance: int
    needed: int

    @classmethod
    def of(cls, refused: Refused, language: Language) -> Self:
        facts = cast("dict[str, Any]", refused.facts)
        return cls(**vars(Refusal.of(refused, language)), **facts)


@strawberry.type(description="A prize costs something else than was expected.")
class PriceChanged(Refusal):
    tells: ClassVar[type[Refused]] = orders.PriceChanged

    price: int

    @classmethod
    def of(cls, refused: Refused, language: Language) -> Self:
        facts = cast("dict[str, Any]", refused.facts)
        return cls(**vars(Refusal.of(refused, language)), **facts)


@strawberry.input
class Destination:
    """The site where a prize is collected, or the address that it is sent to."""

    site_id: UUID | None = None
    address: str | None = None


@view(reveals.Revealed)
class VoucherRevealed:
    """The code is shown only here; a retry with the same key shows it again."""

    voucher_code: str
    redemption: Redemption


@query(Redemption | None)
async def redemption(viewer: Person, id: UUID) -> redemptions.Redemption:
    """One's own order, one that one collects for a colleague, or any as HR."""
    return await redemptions.visible(id, to=viewer)


@mutation(payload("RewardRedeemed", Redemption), NotEnoughPoints, PriceChanged)
async def redeem_reward(
    viewer: Person,
    reward_id: UUID,
    expected_cost: int,
    idempotency_key: str,
    destination: Destination | None = None,
) -> redemptions.Redemption:
    """Order a prize for points; the same key again is the same order."""
    wanted = Wanted(reward_id, expected_cost, **vars(destination) if destination else {})
    return await orders.redeem(wanted, by=viewer, key=idempotency_key)


@mutation(payload("RedemptionCancelled", Redemption))
async def cancel_redemption(viewer: Person, redemption_id: UUID) -> redemptions.Redemption:
    """Take one's order back before it is ready; the points come back at once."""
    return await moves.cancel(redemption_id, by=viewer)


@mutation(payload("RedemptionEntrusted", Redemption))
async def entrust_redemption(
    viewer: Person, redemption_id: UUID, person_id: UUID | None = None
) -> redemptions.Redemption:
    """Let a colleague collect one's order, or nobody else any more."""
    return await pickups.entrust(redemption_id, person_id, by=viewer)


@mutation(VoucherRevealed)
async def reveal_voucher(
    viewer: Person, redemption_id: UUID, idempotency_key: str
) -> reveals.Revealed:
    """See the code that one bought, once."""
    return await reveals.reveal(redemption_id, by=viewer, key=idempotency_key)
