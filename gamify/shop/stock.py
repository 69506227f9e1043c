"""Stock: how many of a reward lie at a site; what is not collected has one stock without a site."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.expressions import F
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.models import Model

from core import audit, events, idempotency
from core.database import inserts
from core.database.sql import Statement
from core.errors import Conflict, Invalid
from core.people import Person
from core.text import Text
from core.transactions import transaction
from gamify.shop import rewards
from gamify.shop.rewards import Reward, RewardKind
from gamify.shop.sites import Site

MOST = 100_000


class Stock(Model):
    id = fields.UUIDField(primary_key=True)
    reward: fields.ForeignKeyRelation[Reward] = fields.ForeignKeyField(
        "models.Reward", on_delete=fields.RESTRICT
    )
    reward_id: UUID
    site: fields.ForeignKeyNullableRelation[Site] = fields.ForeignKeyField(
        "models.Site", null=True, on_delete=fields.RESTRICT
    )
    site_id: UUID | None
    received: int = fields.IntField(default=0, db_default=0, description="all that ever came")
    left: int = fields.IntField(default=0, db_default=0, description="and nobody ordered")

    class Meta:
        table = "stock"
        unique_together = ("reward", "site")
        constraints = (
            UniqueConstraint(
                fields=("reward",), name="stock_without_site", condition="site_id IS NULL"
            ),
            CheckConstraint('"left" >= 0', "stock_not_negative"),
        )


OF = Statement("SELECT stock.* FROM stock WHERE reward_id = ANY(:rewards) ORDER BY id", Stock)


class OutOfStock(Conflict):
    text = Text(
        "This prize is out of stock here. Put it on your wish list to hear when it is back.",
        "该奖品在这里已兑完，加入心愿单后到货会通知你。",
        "該獎品在這裡已兌完，加入願望清單後到貨會通知你。",
    )


class NotKeptThere(Invalid):
    text = Text(
        "Prizes that are collected lie at a site, all others at none; codes are imported.",
        "需要领取的奖品存放在职场，其他奖品不按职场存放；券码请用导入。",
        "需要領取的獎品存放在職場，其他獎品不按職場存放；券碼請用匯入。",
    )


class NotThatMany(Invalid):
    text = Text(
        f"As many as that cannot come or go: there are {{left}}, and at most {MOST}.",
        f"数量不对：现有 {{left}} 件，最多 {MOST} 件。",
        f"數量不對：現有 {{left}} 件，最多 {MOST} 件。",
    )


@transaction
async def change(
    reward_id: UUID, site_id: UUID | None, by_count: int, *, by: Person, key: str
) -> Reward:
    """So many came, or were lost if it is less than 0. Raises NotKeptThere, NotThatMany."""
    reward = await rewards.visible(reward_id, to=by)
    if reward.kind is RewardKind.VOUCHER or bool(site_id) != reward.is_collected:
        raise NotKeptThere
    asked, id = ["stock", reward_id, site_id, by_count], uuid4()
    if await idempotency.claim(key, by=by.id, asked=asked, result=id) == id:
        await put(reward, site_id, by_count)
        facts = {"site": site_id, "count": by_count}
        await audit.record("stock.changed", by=by.id, about=reward.id, **facts)
    return reward


async def put(reward: Reward, site_id: UUID | None, count: int) -> None:
    """Let so many more, or fewer, lie there. Raises NotThatMany."""
    stock = await _kept(reward.id, site_id)
    room = Stock.filter(id=stock.id, left__gte=-count, received__lte=MOST - count)
    change = {"left": F("left") + count, "received": F("received") + count}
    if abs(count) > MOST or not await room.update(**change):
        raise NotThatMany(left=stock.left)
    if stock.left <= 0 < count:
        await events.record("reward.restocked", reward=reward.id)


async def lying(reward: Reward, site_id: UUID | None) -> UUID:
    """The stock to take one from, as it looks: others may be faster. Raises OutOfStock."""
    stock = await _of(reward.id, site_id)
    if stock is None or not stock.left:
        raise OutOfStock
    return stock.id


async def take(stock_id: UUID) -> None:
    """Take one; others wait until we commit. Raises OutOfStock."""
    if not await Stock.filter(id=stock_id, left__gt=0).update(left=F("left") - 1):
        raise OutOfStock


async def give_back(taken: Counter[UUID]) -> None:
    """Put back so many, by stock."""
    for id, count in sorted(taken.items()):
        await Stock.filter(id=id).update(left=F("left") + count)
        stock = await Stock.get(id=id)
        if stock.left <= count:
            await events.record("reward.restocked", reward=stock.reward_id)


async def use_up(taken: Counter[UUID]) -> None:
    """What came back is worth nothing any more."""
    for id, count in sorted(taken.items()):
        await Stock.filter(id=id).update(received=F("received") - count)


async def of(reward_ids: Sequence[UUID]) -> list[list[Stock]]:
    """Where each reward lies."""
    found = defaultdict(list)
    for (stock,) in await OF.rows(rewards=set(reward_ids)):
        found[stock.reward_id].append(stock)
    return [found[id] for id in reward_ids]


async def _kept(reward_id: UUID, site_id: UUID | None) -> Stock:
    """The row, made where there is none."""
    if stock := await _of(reward_id, site_id):
        return stock
    await inserts.added(Stock(id=uuid4(), reward_id=reward_id, site_id=site_id))
    return await _of(reward_id, site_id)  # type: ignore[return-value]  # it is there now


async def _of(reward_id: UUID, site_id: UUID | None) -> Stock | None:
    at = {"site_id": site_id} if site_id else {"site_id__isnull": True}
    return await Stock.get_or_none(reward_id=reward_id, **at)
