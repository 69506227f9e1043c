"""What the shop holds about a person."""

from core.belongings import Belonging, Row, of, plain
from core.people import Person
from gamify.shop.redemptions import Redemption
from gamify.shop.rewards import Reward
from gamify.shop.step_batches import StepBatch
from gamify.shop.steps import RedemptionStep
from gamify.shop.terms import Terms
from gamify.shop.wishes import Wish

OTHERS = ("buyer_id", "ordered_by_id", "collected_by_id", "slot")


async def _redemptions(person: Person) -> list[Row]:
    own = await Redemption.filter(buyer_id=person.id)
    entrusted = await Redemption.filter(proxy_id=person.id)
    told = [plain(row, without=OTHERS, address=row.address) for row in own]
    return told + [{"id": row.id, "reward_id": row.reward_id, "as": "proxy"} for row in entrusted]


async def _steps(person: Person) -> list[Row]:
    own = await Redemption.filter(buyer_id=person.id).values_list("id", flat=True)
    return [
        plain(row, without=["by_id", "move_id"])
        for row in await RedemptionStep.filter(redemption_id__in=own)
    ]


BELONGINGS = [
    Belonging(Redemption, _redemptions),
    Belonging(RedemptionStep, _steps),
    of(StepBatch, "by_id", without=["outcome"]),
    of(Reward, "responsible_id"),
    of(Terms, "put_by_id"),
    of(Wish, "person_id"),
]
