"""Suppliers: another company that packs or sends prizes hears of each that was approved, once."""

from uuid import UUID

from core import settings
from core.database import sql
from core.events import Event
from core.messaging import webhooks
from gamify.shop import steps
from gamify.shop.redemptions import APPROVED, Redemption
from gamify.shop.rewards import Reward, RewardKind
from gamify.shop.sites import Site

SUPPLIED = {RewardKind.MATERIAL}


async def call(event: Event) -> None:
    """Subscriber, once an approval can be undone no more: what is to be packed, or sent where."""
    if not settings.current().supplier_url:
        return
    made = await steps.made_in(UUID(event.payload["move"]))
    orders = [step.redemption for step in made if step.redemption.state is APPROVED]
    rewards = await sql.in_bulk(Reward, [order.reward_id for order in orders])
    sites = await sql.in_bulk(Site, [order.site_id for order in orders if order.site_id])
    for order in orders:
        reward = rewards[order.reward_id]
        if reward.kind in SUPPLIED:
            await _tell(order, reward, sites.get(order.site_id) if order.site_id else None)


async def _tell(order: Redemption, reward: Reward, site: Site | None) -> None:
    """Nobody's name: the site hands it over, or the address is all it takes."""
    await webhooks.add(
        order.id,
        "redemption.approved",
        order=order.id.hex,
        reward=reward.id.hex,
        prize=reward.name.zh_cn,
        quantity=1,
        site=site.name if site else None,
        address=order.address,
    )
