"""Orders: points, stock and budget are held for a reward in one transaction, or none of them."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from core import clock, idempotency
from core.crypto import sealing
from core.database import inserts
from core.errors import Conflict, Forbidden, Invalid
from core.people import Person
from core.text import Text
from core.transactions import transaction
from core.writing import written
from gamify.shop import moves, rewards, settlements, sites, steps, terms
from gamify.shop.limits import slots
from gamify.shop.redemptions import APPROVED, READY, REQUESTED, Redemption
from gamify.shop.rewards import Reward, RewardKind
from gamify.shop.steps import Move
from gamify.shop.turns import turn

ADDRESS = 300  # characters
FOR_LEAVERS = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants, for what they believe it costs, and where it shall be."""

    reward_id: UUID
    expected_cost: int
    site_id: UUID | None = None
    address: str | None = None


class PriceChanged(Conflict):
    text = Text(
        "This prize costs {price} points now.",
        "该奖品现在需要 {price} 积分。",
        "該獎品現在需要 {price} 點。",
    )


class NotHereLongEnough(Forbidden):
    text = Text(
        "This prize is for colleagues who have been here for {days} days.",
        "入职满 {days} 天后才可兑换该奖品。",
        "到職滿 {days} 天後才可兌換該獎品。",
    )


class LimitReached(Conflict):
    text = Text(
        "You have had this prize {most} times, as often as one may for now.",
        "该奖品你已兑换 {most} 次，达到当前限额。",
        "該獎品你已兌換 {most} 次，達到目前限額。",
    )


class WhereTo(Invalid):
    text = Text(
        "Say where: a site for what is collected, an address for what is sent, and neither for "
        "anything else.",
        "请说明送达方式：自取奖品请选职场，寄送奖品请填地址，其他奖品都不用填。",
        "請說明送達方式：自取獎品請選職場，寄送獎品請填地址，其他獎品都不用填。",
    )


class NotALeaver(Forbidden):
    text = Text(
        "Orders for others are for those who left in the last 60 days.",
        "只能为最近 60 天内离职的同事代为兑换。",
        "只能為最近 60 天內離職的同事代為兌換。",
    )


async def redeem(wanted: Wanted, *, by: Person, key: str) -> Redemption:
    """Order a reward; the same key again is the same order.

    Raises PriceChanged, NotHereLongEnough, LimitReached, WhereTo, NotEnoughPoints, OutOfStock,
    BudgetUsedUp.
    """
    async with turn(wanted.reward_id):
        return await _ordered(wanted, buyer=by, by=by, key=key)


async def redeem_for(person_id: UUID, wanted: Wanted, *, by: Person, key: str) -> Redemption:
    """Order for somebody who has left and cannot do so any more. Raises NotALeaver."""
    since = clock.business_date() - FOR_LEAVERS
    gone = Person.filter(id=person_id, left_on__lte=clock.business_date(), left_on__gt=since)
    buyer = await gone.first()
    if buyer is None or buyer.id == by.id:
        raise NotALeaver
    async with turn(wanted.reward_id):
        return await _ordered(wanted, buyer=buyer, by=by, key=key)


@transaction
async def _ordered(wanted: Wanted, *, buyer: Person, by: Person, key: str) -> Redemption:
    asked, id = ["redeem", buyer.id, wanted], uuid4()
    if (first := await idempotency.claim(key, by=by.id, asked=asked, result=id)) != id:
        return await Redemption.get(id=first)
    reward = await _offered(wanted, buyer)
    redemption = await _drafted(id, wanted, reward, buyer)
    redemption.ordered_by_id = by.id if by.id != buyer.id else None
    await settlements.look(redemption, reward)
    await settlements.hold(redemption)
    await _add(redemption, reward)
    move = Move(uuid4(), by.id)
    await steps.write([move.step(redemption)])
    await moves.tell(REQUESTED, move)
    redemption = await _gone_on(redemption, reward)
    await settlements.take(redemption)
    return redemption


async def _offered(wanted: Wanted, buyer: Person) -> Reward:
    reward = await rewards.offered(wanted.reward_id, to=buyer)
    if not rewards.has_tenure(reward, buyer):
        raise NotHereLongEnough(days=reward.tenure_days)
    if reward.price != wanted.expected_cost:
        raise PriceChanged(price=reward.price)
    return reward


async def _drafted(id: UUID, wanted: Wanted, reward: Reward, buyer: Person) -> Redemption:
    if bool(wanted.site_id) != reward.is_collected or bool(wanted.address) != reward.is_sent:
        raise WhereTo
    if wanted.site_id:
        await sites.found(wanted.site_id)
    return Redemption(
        id=id,
        reward_id=reward.id,
        buyer_id=buyer.id,
        state=REQUESTED,
        steps=1,
        price=reward.price,
        value_cents=reward.value_cents,
        site_id=wanted.site_id,
        sealed_address=_sealed(wanted.address, id) if wanted.address else None,
        requested_at=clock.now(),
        requested_on=clock.business_date(),
        moved_at=clock.now(),
    )


def _sealed(address: str, id: UUID) -> bytes:
    plain = written(address, most=ADDRESS).encode()
    return sealing.closed("shop", plain, bound_to=id.bytes)


async def _gone_on(redemption: Redemption, reward: Reward) -> Redemption:
    """As far as it gets of itself: what is cheap needs no approval, a code no packing."""
    if reward.price >= (await terms.current()).approval_from:
        return redemption
    for state in [APPROVED, *([READY] if reward.kind is RewardKind.VOUCHER else [])]:
        [redemption] = await moves.make([redemption.id], state, Move(uuid4()))
    return redemption


async def _add(redemption: Redemption, reward: Reward) -> None:
    """Insert it, in the first place that is free if there are only so many. Raises LimitReached."""
    owner = slots(reward, redemption.buyer_id, redemption.requested_on)
    for n in range(reward.limit_count or 1):
        redemption.slot = f"{owner}{n}" if reward.limit_count else None
        if await inserts.added(redemption):
            return
    raise LimitReached(most=reward.limit_count)
