"""Obstacles: why somebody cannot order a reward yet, told before they try."""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from uuid import UUID

from core.people import Person
from gamify import points
from gamify.shop import limits, stock
from gamify.shop.rewards import Reward, has_tenure


class RewardObstacle(StrEnum):
    NOT_HERE_LONG_ENOUGH = "NOT_HERE_LONG_ENOUGH"
    LIMIT_REACHED = "LIMIT_REACHED"
    OUT_OF_STOCK = "OUT_OF_STOCK"
    NOT_ENOUGH_POINTS = "NOT_ENOUGH_POINTS"


async def of(rewards: Sequence[Reward], *, viewer: Person) -> list[RewardObstacle | None]:
    """The first that stands between the viewer and each reward."""
    young = [not has_tenure(reward, viewer) for reward in rewards]
    reached = await limits.reached(rewards, viewer=viewer)
    gone = await sold_out(rewards)
    poor = await missing_points(rewards, viewer=viewer)
    found = zip(young, reached, [reward.id in gone for reward in rewards], poor, strict=True)
    return [_first(standing) for standing in found]


async def missing_points(rewards: Sequence[Reward], *, viewer: Person) -> list[int]:
    """How many points the viewer still needs for each."""
    [balance] = await points.balances([viewer.id])
    return [max(0, reward.price - balance.available) for reward in rewards]


async def sold_out(rewards: Sequence[Reward]) -> set[UUID]:
    """Which of these lie nowhere any more."""
    limited = [reward.id for reward in rewards if reward.is_limited]
    stocks = await stock.of(limited) if limited else []
    rows = zip(limited, stocks, strict=True)
    return {id for id, lying in rows if not any(one.left for one in lying)}


def _first(standing: Iterable[object]) -> RewardObstacle | None:
    """Each as it stands, in the order of the obstacles."""
    pairs = zip(RewardObstacle, standing, strict=True)
    return next((obstacle for obstacle, stands in pairs if stands), None)
