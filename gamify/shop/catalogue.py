"""The catalogue: HR says what can be bought, for how much, by whom; nothing is ever deleted."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID, uuid4

from core import audit, clock, idempotency, pages, people
from core.database import inserts
from core.database.sql import Statement
from core.errors import Conflict, Invalid, NotFound
from core.pages import Connection, Page
from core.people import Person, Team
from core.text import Text
from core.transactions import transaction
from core.writing import written
from gamify.shop import budgets, rewards
from gamify.shop.rewards import REWARDS, LimitPeriod, Reward, RewardKind, RewardTeam

NAME, ABOUT = 80, 2000  # characters
DEAREST = 1_000_000  # points
MOST_CENTS = 100_000_000
LONGEST_TENURE = 40 * 366  # days
MOST_TEAMS = 200
MOST_EACH = 100  # of one reward, for one person

ARCHIVE = Statement(
    """
    UPDATE reward SET archived_at = :at
    WHERE id = :id AND (archived_at IS NOT NULL) <> :is_archived RETURNING reward.*
    """,
    Reward,
)
KEPT = pages.Listed(
    "SELECT reward.* FROM reward WHERE (archived_at IS NOT NULL) = :is_archived", Reward, REWARDS
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A reward as HR wants it."""

    kind: RewardKind
    name: Text
    about: Text
    price: int
    value_cents: int
    is_sent: bool = False
    is_limited: bool = True
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    team_ids: Sequence[UUID] = ()
    tenure_days: int = 0
    limit_count: int | None = None
    limit_period: LimitPeriod = LimitPeriod.EVER
    responsible_id: UUID | None = None
    budget_id: UUID | None = None


class NotAReward(Invalid):
    text = Text(
        f"A prize costs 1 to {DEAREST} points, and what it is worth, how long one must have been "
        "here and how many one may have are no negative numbers; it closes after it opens.",
        f"奖品价格须为 1 到 {DEAREST} 积分；价值、入职天数和限兑数量不能为负；"
        "结束时间须晚于开始时间。",
        f"獎品價格須為 1 到 {DEAREST} 點；價值、到職天數與限兌數量不能為負；"
        "結束時間須晚於開始時間。",
    )


class UnknownTeam(NotFound):
    text = Text("One of these teams is not here.", "其中有班组不存在。", "其中有班組不存在。")


class SentOrCollected(Invalid):
    text = Text(
        "Only material prizes are sent, and voucher codes are always limited.",
        "只有实物奖品可以寄送，券码总是限量的。",
        "只有實體獎品可以寄送，券碼總是限量的。",
    )


class RewardKindStays(Conflict):
    text = Text(
        "What kind of prize this is, and how it is handed out, stays as it is. Add another one.",
        "奖品的类型和发放方式不能更改，请另建一个奖品。",
        "獎品的類型與發放方式不能更改，請另建一個獎品。",
    )


@transaction
async def save(reward_id: UUID | None, plan: Plan, *, by: Person, key: str) -> Reward:
    """A new reward, or another plan for one; orders that are open keep the price they were made at.

    Raises NotAReward, SentOrCollected, RewardKindStays, UnknownTeam.
    """
    columns, id = await _columns(plan), reward_id or uuid4()
    if not reward_id:
        claimed = await idempotency.claim(key, by=by.id, asked=["reward", plan], result=id)
        if claimed != id:
            return await rewards.visible(claimed, to=by)
        await Reward.create(id=id, created_at=clock.now(), **columns)
    else:
        await _change(await rewards.held(id), columns)
    await _put_teams(id, plan.team_ids)
    facts = {"price": plan.price, "value_cents": plan.value_cents}
    await audit.record("reward.saved", by=by.id, about=id, reward=plan.name.en, **facts)
    return await Reward.get(id=id)


@transaction
async def archive(reward_id: UUID, *, is_archived: bool, by: Person) -> Reward:
    """Put a reward away, or offer it again; orders go on. Doing it twice is once."""
    reward = await rewards.visible(reward_id, to=by)
    at = clock.now() if is_archived else None
    moved = await ARCHIVE.rows(id=reward.id, at=at, is_archived=is_archived)
    if not moved:
        return reward
    await audit.record("reward.archived", by=by.id, about=reward.id, is_archived=is_archived)
    [[after]] = moved
    return cast("Reward", after)


async def listed(*, page: Page, is_archived: bool = False) -> Connection[Reward]:
    """All that is kept, or all that was put away, the newest first."""
    return await KEPT.read(page, is_archived=is_archived)


async def teams(reward_ids: Sequence[UUID]) -> list[list[Team]]:
    """Whom each reward is for; nobody is everybody."""
    rows = await RewardTeam.filter(reward_id__in=set(reward_ids)).order_by("id")
    found = defaultdict(list)
    for row, team in zip(rows, await people.teams([row.team_id for row in rows]), strict=True):
        if team:
            found[row.reward_id].append(team)
    return [found[id] for id in reward_ids]


async def _columns(plan: Plan) -> dict[str, Any]:
    _check(plan)
    if plan.budget_id:
        await budgets.found(plan.budget_id)
    if plan.responsible_id:
        await people.found(plan.responsible_id)
    texts = {
        "name": [written(words, most=NAME) for words in plan.name],
        "about": [written(words, most=ABOUT) for words in plan.about],
    }
    kept = set(Reward._meta.fields_db_projection)  # noqa: SLF001  # Tortoise's documented way
    said = {name: getattr(plan, name) for name in Plan.__slots__ if name in kept}
    return said | {"texts": texts}


def _check(plan: Plan) -> None:
    within = (
        0 < plan.price <= DEAREST,
        0 <= plan.value_cents <= MOST_CENTS,
        0 <= plan.tenure_days <= LONGEST_TENURE,
        plan.limit_count is None or 0 < plan.limit_count <= MOST_EACH,
        len(plan.team_ids) <= MOST_TEAMS,
        not (plan.opens_at and plan.closes_at) or plan.opens_at < plan.closes_at,
    )
    if not all(within):
        raise NotAReward
    if plan.is_sent and plan.kind is not RewardKind.MATERIAL:
        raise SentOrCollected
    if plan.kind is RewardKind.VOUCHER and not plan.is_limited:
        raise SentOrCollected


async def _change(reward: Reward, columns: dict[str, Any]) -> None:
    if (reward.kind, reward.is_sent) != (columns["kind"], columns["is_sent"]):
        raise RewardKindStays
    await Reward.filter(id=reward.id).update(**columns)


async def _put_teams(reward_id: UUID, team_ids: Sequence[UUID]) -> None:
    await RewardTeam.filter(reward_id=reward_id).delete()
    wanted = list(dict.fromkeys(team_ids))
    if not all(await people.teams(wanted)):
        raise UnknownTeam  # without its teams it would be for everybody
    await inserts.add([RewardTeam(reward_id=reward_id, team_id=id) for id in wanted])


async def names(rewards: Sequence[Reward]) -> list[Text]:
    """In every language."""
    return [reward.name for reward in rewards]


async def abouts(rewards: Sequence[Reward]) -> list[Text]:
    return [reward.about for reward in rewards]
