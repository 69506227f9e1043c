"""Rewards: what points can buy, as HR keeps them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint
from tortoise.models import Model

from core import clock, pages
from core.database import sql
from core.database.sql import Statement
from core.database.versions import KeptModel
from core.errors import NotFound
from core.pages import Connection, Listing, Page
from core.people import Grants, Person
from core.text import Language, Text
from gamify.shop.budgets import Budget

REWARDS = Listing("rewards", "created_at")


class RewardKind(StrEnum):
    MATERIAL = "MATERIAL"
    VOUCHER = "VOUCHER"
    TIME_OFF = "TIME_OFF"
    EXPERIENCE = "EXPERIENCE"


class LimitPeriod(StrEnum):
    MONTH = "MONTH"
    QUARTER = "QUARTER"
    YEAR = "YEAR"
    EVER = "EVER"


class Reward(KeptModel):
    id = fields.UUIDField(primary_key=True)
    kind = fields.CharEnumField(RewardKind, max_length=20)
    texts: dict[str, Any] = fields.JSONField(description="name and about, in every language")
    price: int = fields.IntField(description="points")
    value_cents: int = fields.IntField(description="for payroll and the budget")
    is_sent = fields.BooleanField(description="to an address, instead of being collected")
    is_limited = fields.BooleanField(description="to what there is in stock")
    opens_at: datetime | None = fields.DatetimeField(null=True)
    closes_at: datetime | None = fields.DatetimeField(null=True)
    tenure_days = fields.IntField(description="since one was hired")
    limit_count: int | None = fields.SmallIntField(null=True, description="for one person ...")
    limit_period = fields.CharEnumField(LimitPeriod, max_length=10, description="... in each")
    responsible_id: UUID | None = fields.UUIDField(null=True, description="who sees to orders")
    budget: fields.ForeignKeyNullableRelation[Budget] = fields.ForeignKeyField(
        "models.Budget", null=True, on_delete=fields.RESTRICT
    )
    budget_id: UUID | None
    created_at: datetime = fields.DatetimeField()
    archived_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "reward"
        indexes = (("created_at", "id"),)
        constraints = (CheckConstraint("price > 0 AND value_cents >= 0", "reward_costs_something"),)

    @property
    def name(self) -> Text:
        return Text(*self.texts["name"])

    @property
    def about(self) -> Text:
        return Text(*self.texts["about"])

    @property
    def is_open(self) -> bool:
        """Whether it is offered now, to those it is for."""
        now = clock.now()
        begun = self.opens_at is None or self.opens_at <= now
        return (
            self.archived_at is None and begun and (self.closes_at is None or now < self.closes_at)
        )

    @property
    def is_collected(self) -> bool:
        return self.kind is RewardKind.MATERIAL and not self.is_sent


class RewardTeam(Model):
    """One of the teams that a reward is for; without any it is for everybody."""

    id = fields.UUIDField(primary_key=True)
    reward: fields.ForeignKeyRelation[Reward] = fields.ForeignKeyField("models.Reward")
    reward_id: UUID
    team_id: UUID = fields.UUIDField()

    class Meta:
        table = "reward_team"
        unique_together = ("reward", "team_id")


#: Of being for `:team`, now.
OFFERED = """(
    reward.archived_at IS NULL
    AND (reward.opens_at IS NULL OR reward.opens_at <= :now)
    AND (reward.closes_at IS NULL OR reward.closes_at > :now)
    AND (
        reward.id IN (SELECT reward_id FROM reward_team WHERE team_id = :team)
        OR reward.id NOT IN (SELECT reward_id FROM reward_team)
    )
)"""
SHOWN = Statement(
    f"SELECT reward.* FROM reward WHERE reward.id = :id AND (:all OR {OFFERED})", Reward
)
SHOP = pages.Listed(f"SELECT reward.* FROM reward WHERE {OFFERED}", Reward, REWARDS)


class RewardNotFound(NotFound):
    text = Text("This prize is not here.", "找不到这个奖品。", "找不到這個獎品。")


async def visible(reward_id: UUID, *, to: Person) -> Reward:
    """The one way to reach a reward on a person's behalf; HR sees those, too, that are put away."""
    return await _found(reward_id, to, all_=to.may(Grants.HR))


async def offered(reward_id: UUID, *, to: Person) -> Reward:
    """One that is for this person, now."""
    return await _found(reward_id, to, all_=False)


async def held(reward_id: UUID) -> Reward:
    """The row, which nobody else changes before this transaction ends."""
    reward = await Reward.filter(id=reward_id).select_for_update().first()
    if reward is None:
        raise RewardNotFound
    return reward


async def shop(*, to: Person, page: Page) -> Connection[Reward]:
    """What is offered to a person now, the newest first."""
    return await SHOP.read(page, now=clock.now(), team=to.team_id)


def has_tenure(reward: Reward, person: Person) -> bool:
    """Whether somebody has been here for as long as the reward asks for."""
    since = person.hired_on or clock.business_date()
    return since + timedelta(days=reward.tenure_days) <= clock.business_date()


async def by_id(reward_ids: Sequence[UUID]) -> list[Reward]:
    found = await sql.in_bulk(Reward, reward_ids)
    return [found[id] for id in reward_ids]


async def names(rewards: Sequence[Reward], *, language: Language) -> list[str]:
    return [reward.name.to(language) for reward in rewards]


async def abouts(rewards: Sequence[Reward], *, language: Language) -> list[str]:
    return [reward.about.to(language) for reward in rewards]


async def _found(reward_id: UUID, to: Person, *, all_: bool) -> Reward:
    reward: Reward
    for (reward,) in await SHOWN.rows(id=reward_id, all=all_, now=clock.now(), team=to.team_id):
        return reward
    raise RewardNotFound
