"""Rewards: what points can buy."""

from datetime import datetime
from uuid import UUID

import strawberry

from api.connections import Connection
from api.images import Image
from api.people import Person as PersonView
from api.people import Team
from api.roots import mutation, payload, query
from api.shop.budgets import Budget
from api.shop.sites import Site
from api.texts import Texts
from api.views import ROW, Node, batch, view
from core import people
from core.pages import Connection as Rows
from core.pages import Page
from core.people import Person
from gamify.shop import (
    budgets,
    catalogue,
    obstacles,
    reward_pictures,
    rewards,
    sites,
    stock,
    wishes,
)
from gamify.shop.obstacles import RewardObstacle
from gamify.shop.rewards import LimitPeriod, RewardKind

strawberry.enum(RewardKind, description="How a prize is handed out.")
strawberry.enum(LimitPeriod)
strawberry.enum(RewardObstacle, description="What stands between the viewer and a prize.")


@view(stock.Stock)
class RewardStock:
    """How many lie at a site; what is not collected lies at none."""

    left: int
    site: Site | None = batch(sites.by_id, key="site_id")


@view(rewards.Reward)
class Reward(Node):
    """A prize. `price` is in points; without a limit to what is in stock there is no end of it."""

    kind: RewardKind
    name: str = batch(rewards.names, key=ROW, steady=True)
    about: str = batch(rewards.abouts, key=ROW, steady=True)
    price: int
    is_sent: bool
    is_limited: bool
    opens_at: datetime | None
    closes_at: datetime | None
    tenure_days: int
    limit_count: int | None
    limit_period: LimitPeriod
    pictures: list[Image] = batch(reward_pictures.of)
    stock: list[RewardStock] = batch(stock.of)
    viewer_obstacle: RewardObstacle | None = batch(obstacles.of, key=ROW)
    viewer_missing_points: int = batch(obstacles.missing_points, key=ROW)
    viewer_wishes: bool = batch(wishes.of_viewer)
    names: Texts | None = batch(catalogue.names, key=ROW)
    abouts: Texts | None = batch(catalogue.abouts, key=ROW)
    value_cents: int | None
    teams: list[Team] | None = batch(catalogue.teams)
    responsible: PersonView | None = batch(people.by_id, key="responsible_id")
    budget: Budget | None = batch(budgets.by_id, key="budget_id")
    archived_at: datetime | None


@query(Connection[Reward])
async def shop(viewer: Person, page: Page) -> Rows[rewards.Reward]:
    """What is offered to the viewer now, the newest first."""
    return await rewards.shop(to=viewer, page=page)


@query(Reward | None)
async def reward(viewer: Person, id: UUID) -> rewards.Reward:
    return await rewards.visible(id, to=viewer)


@mutation(payload("RewardWished", Reward))
async def wish_for_reward(viewer: Person, reward_id: UUID) -> rewards.Reward:
    """Hear of it when it can be had: when one has the points, and when it is there again."""
    return await wishes.wish(reward_id, by=viewer)


@mutation(payload("WishDropped", Reward))
async def drop_wish(viewer: Person, reward_id: UUID) -> rewards.Reward:
    return await wishes.drop(reward_id, by=viewer)
