"""What the shop is composed of."""

from core.parts import Part
from gamify.shop import (
    belongings,
    integrity,
    keeping,
    news,
    redemptions,
    suppliers,
    terms,
    vouchers,
    wishes,
)

PART = Part(
    models=[
        "gamify.shop.allotments",
        "gamify.shop.budgets",
        "gamify.shop.holidays",
        "gamify.shop.redemptions",
        "gamify.shop.reward_pictures",
        "gamify.shop.rewards",
        "gamify.shop.sites",
        "gamify.shop.step_batches",
        "gamify.shop.steps",
        "gamify.shop.stock",
        "gamify.shop.terms",
        "gamify.shop.vouchers",
        "gamify.shop.wishes",
    ],
    subscribers={
        "fulfilment.due": [suppliers.call],
        "person.left": [wishes.end],
        "redemption.approved": [news.tell],
        "redemption.fulfilled": [news.tell],
        "redemption.ready": [news.tell],
        "redemption.rejected": [news.tell],
        "redemption.requested": [news.call],
        "redemption.returned": [news.tell],
        "redemption.undone": [news.withdraw],
        "reward.restocked": [wishes.restocked],
    },
    duties=[
        redemptions.forget,
        vouchers.forget,
        wishes.tell_due,
    ],
    shipped=[terms.ship],
    sealed=[redemptions.SEALED, vouchers.SEALED],
    integrity=integrity.CHECKS,
    belongings=belongings.BELONGINGS,
    keeping=keeping.KEEPING,
)
