"""Limits: how many of a reward one person may have in a month, a quarter, a year or ever.

An order takes one of so many slots by a unique key, and frees it when it comes to nothing.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from uuid import UUID

from core import clock
from core.database.sql import Statement
from core.people import Person
from gamify.shop.rewards import LimitPeriod, Reward

TAKEN = Statement(
    """
    SELECT slot FROM redemption
    WHERE buyer_id = :buyer AND slot IS NOT NULL AND reward_id = ANY(:rewards)
    """
)


def slots(reward: Reward, person_id: UUID, day: date) -> str:
    """How the keys of a person's slots begin in the period of that day."""
    period = {
        LimitPeriod.MONTH: f"{day:%Y-%m}",
        LimitPeriod.QUARTER: f"{day.year}-Q{(day.month + 2) // 3}",
        LimitPeriod.YEAR: f"{day.year}",
        LimitPeriod.EVER: "",
    }[reward.limit_period]
    return f"{reward.id.hex}:{person_id.hex}:{period}:"


async def reached(rewards: Sequence[Reward], *, viewer: Person) -> list[bool]:
    """Whether the viewer has had as many of each as one may for now."""
    limited = {reward.id for reward in rewards if reward.limit_count}
    taken = await TAKEN.rows(buyer=viewer.id, rewards=limited) if limited else []
    counted = Counter(slot[: slot.rindex(":") + 1] for (slot,) in taken)
    today = clock.business_date()
    return [
        reward.limit_count is not None
        and counted[slots(reward, viewer.id, today)] >= reward.limit_count
        for reward in rewards
    ]
