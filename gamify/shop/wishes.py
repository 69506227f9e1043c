"""Wishes: what somebody saves for; they hear when they can have it, or when it is there again."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from core import clock, pages, people
from core.database import inserts
from core.database.sql import Statement
from core.errors import Busy
from core.events import Event
from core.messaging import notices
from core.messaging.notice_kinds import MANNERS, Manner, NoticeKind
from core.messaging.notices import News
from core.pages import Connection, Listing, Page
from core.people import Person
from core.text import Text
from core.transactions import transaction
from gamify import points
from gamify.shop import obstacles, rewards
from gamify.shop.rewards import Reward

AGAIN = timedelta(hours=1)  # from one look at whether it can be had to the next
AT_ONCE = 500
MOST = 50

MANNERS[NoticeKind.WISH] = Manner(
    Text(
        "Something on your wish list can be yours now.",
        "你心愿单里的奖品现在可以兑换了。",
        "你願望清單裡的獎品現在可以兌換了。",
    ),
)


class Wish(Model):
    id = fields.UUIDField(primary_key=True)
    person_id: UUID = fields.UUIDField()
    reward: fields.ForeignKeyRelation[Reward] = fields.ForeignKeyField("models.Reward")
    reward_id: UUID
    wished_at: datetime = fields.DatetimeField()
    look_at: datetime | None = fields.DatetimeField(
        null=True, db_index=True, description="whether it can be had; null: that was told"
    )

    class Meta:
        table = "wish"
        unique_together = ("person_id", "reward")
        indexes = (("person_id", "wished_at", "id"), ("reward_id",))


WISHES = Listing("wishes", "wished_at")
OF = pages.Each(Wish, "person_id = parent.id", WISHES)

OF_VIEWER = Statement(
    "SELECT wish.* FROM wish WHERE person_id = :viewer AND reward_id = ANY(:rewards)", Wish
)
LOOK = Statement(
    """
    UPDATE wish SET look_at = :again WHERE id IN (
        SELECT id FROM wish WHERE look_at <= :now ORDER BY look_at LIMIT :most
        FOR UPDATE SKIP LOCKED
    ) RETURNING wish.*
    """,
    Wish,
    sqlite="""
    UPDATE wish SET look_at = :again WHERE id IN (
        SELECT id FROM wish WHERE look_at <= :now ORDER BY look_at LIMIT :most
    ) RETURNING wish.*
    """,
)


class TooManyWishes(Busy):
    text = Text(
        f"A wish list has room for {MOST} prizes.",
        f"心愿单最多放 {MOST} 个奖品。",
        f"願望清單最多放 {MOST} 個獎品。",
    )


@transaction
async def wish(reward_id: UUID, *, by: Person) -> Reward:
    """Put a reward on one's list; doing it twice is once. Raises TooManyWishes."""
    reward = await rewards.visible(reward_id, to=by)
    now = clock.now()
    row = Wish(id=uuid4(), person_id=by.id, reward_id=reward.id, wished_at=now, look_at=now)
    if await inserts.added(row) and await Wish.filter(person_id=by.id).count() > MOST:
        raise TooManyWishes
    return reward


@transaction
async def drop(reward_id: UUID, *, by: Person) -> Reward:
    reward = await rewards.visible(reward_id, to=by)
    await Wish.filter(person_id=by.id, reward_id=reward.id).delete()
    return reward


async def of(person_ids: Sequence[UUID], *, page: Page) -> list[Connection[Wish]]:
    """What each wishes for, the latest first."""
    return await OF.read(person_ids, page)


async def of_viewer(reward_ids: Sequence[UUID], *, viewer: Person) -> list[bool]:
    """Whether the viewer wishes for each reward."""
    wished = await OF_VIEWER.rows(viewer=viewer.id, rewards=set(reward_ids))
    found = {wish.reward_id for (wish,) in wished}
    return [id in found for id in reward_ids]


async def restocked(event: Event) -> None:
    """Subscriber: what is there again is looked at anew, by those, too, who heard of it before."""
    await Wish.filter(reward_id=event.payload["reward"]).update(look_at=clock.now())


async def end(event: Event) -> None:
    """Subscriber: who has left wishes for nothing more."""
    person_id = UUID(event.payload["person"])
    if await people.has_left(person_id):
        await Wish.filter(person_id=person_id).delete()


@transaction
async def tell_due() -> None:
    """Due work: tell those who can have what they wish for, each once until it is there again."""
    now = clock.now()
    wishes = [wish for (wish,) in await LOOK.rows(now=now, again=now + AGAIN, most=AT_ONCE)]
    for wish in await _obtainable(wishes):
        if await Wish.filter(id=wish.id).update(look_at=None):
            news = News(NoticeKind.WISH, f"reward_{wish.reward_id.hex}", f"{wish.id}:{now}")
            await notices.tell(wish.person_id, news)


async def _obtainable(wishes: Sequence[Wish]) -> list[Wish]:
    offered = await rewards.by_id([wish.reward_id for wish in wishes])
    gone = await obstacles.sold_out(offered)
    wishers = await people.by_id([wish.person_id for wish in wishes])
    balances = await points.balances([wish.person_id for wish in wishes])
    return [
        wish
        for wish, reward, person, balance in zip(wishes, offered, wishers, balances, strict=True)
        if reward.is_open and reward.id not in gone and reward.price <= balance.available
        if person and rewards.has_tenure(reward, person)
    ]
