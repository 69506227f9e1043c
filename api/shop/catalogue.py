"""The catalogue, for HR."""

from datetime import datetime
from uuid import UUID

import strawberry

from api.connections import Connection
from api.roots import mutation, payload, query
from api.shop.rewards import Reward
from api.texts import TextsInput
from core.pages import Connection as Rows
from core.pages import Page
from core.people import Person
from gamify.shop import catalogue, reward_pictures, rewards, stock, vouchers
from gamify.shop.rewards import LimitPeriod, RewardKind


@strawberry.input
class RewardPlan:
    """A prize as it shall be; what is left out is as for a new one."""

    kind: RewardKind
    name: TextsInput
    about: TextsInput
    price: int = strawberry.field(description="Points. Orders that are open keep theirs.")
    value_cents: int = strawberry.field(description="What it is worth, for payroll and the budget.")
    is_sent: bool = False
    is_limited: bool = True
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    team_ids: list[UUID] = strawberry.field(default_factory=list, description="None: everybody.")
    tenure_days: int = 0
    limit_count: int | None = strawberry.field(default=None, description="For one person.")
    limit_period: LimitPeriod = LimitPeriod.EVER
    responsible_id: UUID | None = None
    budget_id: UUID | None = None

    @property
    def plan(self) -> catalogue.Plan:
        given = vars(self) | {"name": self.name.text, "about": self.about.text}
        return catalogue.Plan(**given)


@query(Connection[Reward])
async def catalogue_(
    viewer: Person, page: Page, *, is_archived: bool = False
) -> Rows[rewards.Reward]:
    """All prizes that are kept, or all that were put away, the newest first."""
    return await catalogue.listed(page=page, is_archived=is_archived)


@mutation(payload("RewardSaved", Reward))
async def save_reward(
    viewer: Person, plan: RewardPlan, idempotency_key: str, reward_id: UUID | None = None
) -> rewards.Reward:
    """A new prize, or another plan for one."""
    return await catalogue.save(reward_id, plan.plan, by=viewer, key=idempotency_key)


@mutation(payload("RewardArchived", Reward))
async def archive_reward(
    viewer: Person, reward_id: UUID, *, is_archived: bool = True
) -> rewards.Reward:
    """Put a prize away, or offer it again; its orders go on."""
    return await catalogue.archive(reward_id, is_archived=is_archived, by=viewer)


@mutation(payload("RewardPicturesShown", Reward))
async def show_reward_pictures(
    viewer: Person, reward_id: UUID, upload_ids: list[UUID], idempotency_key: str
) -> rewards.Reward:
    """Finished uploads of photos, in place of the pictures that are shown."""
    return await reward_pictures.show(reward_id, upload_ids, by=viewer, key=idempotency_key)


@mutation(payload("StockChanged", Reward))
async def change_stock(
    viewer: Person, reward_id: UUID, count: int, idempotency_key: str, site_id: UUID | None = None
) -> rewards.Reward:
    """So many came, or were lost if it is less than 0."""
    return await stock.change(reward_id, site_id, count, by=viewer, key=idempotency_key)


@mutation(payload("VouchersTakenIn", Reward))
async def take_in_vouchers(
    viewer: Person, reward_id: UUID, csv: str, idempotency_key: str
) -> rewards.Reward:
    """The codes in the first column of a CSV file, all or none; they are kept encrypted."""
    return await vouchers.take_in(reward_id, csv, by=viewer, key=idempotency_key)
