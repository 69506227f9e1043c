"""Keeping: what becomes of orders and wishes when somebody is erased."""

from core.keeping import blanked, deleted, stays
from core.people import Person
from gamify.shop.redemptions import Redemption
from gamify.shop.rewards import Reward
from gamify.shop.step_batches import StepBatch
from gamify.shop.steps import RedemptionStep
from gamify.shop.terms import Terms
from gamify.shop.wishes import Wish

HR = "who of HR did it, for the books; an id"


async def _address(person: Person) -> None:
    await Redemption.filter(buyer_id=person.id).update(sealed_address=None)


async def _reasons(person: Person) -> None:
    own = Redemption.filter(buyer_id=person.id).values_list("id", flat=True)
    await RedemptionStep.filter(redemption_id__in=await own).update(reason="")


KEEPING = [
    blanked(Redemption, erase=_address, sealed_address=None),
    blanked(RedemptionStep, erase=_reasons, reason=""),
    blanked(Reward, "responsible_id", responsible_id=None),
    deleted(Wish, "person_id"),
    stays(StepBatch, HR),
    stays(Terms, HR),
]
