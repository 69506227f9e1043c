"""News: who ordered something hears of every step that others take, and HR of every order."""

from uuid import UUID

from core.events import Event
from core.messaging import notices
from core.messaging.notice_kinds import MANNERS, Manner, NoticeKind
from core.messaging.notices import News
from core.text import Text
from gamify.shop import steps
from gamify.shop.redemptions import READY
from gamify.shop.rewards import Reward
from gamify.shop.steps import RedemptionStep

MANNERS |= {
    NoticeKind.REDEMPTION: Manner(
        Text("There is news of your order.", "你的兑换订单有新进展。", "你的兌換訂單有新進展。"),
    ),
    NoticeKind.PICKUP: Manner(
        Text(
            "Your prize is ready. Come and get it.",
            "你的奖品准备好了，快来领取吧。",
            "你的獎品準備好了，快來領取吧。",
        ),
    ),
    NoticeKind.ORDERED: Manner(
        Text(
            "There are new orders for prizes that you see to.",
            "你负责的奖品有新的兑换订单。",
            "你負責的獎品有新的兌換訂單。",
        ),
    ),
}


async def tell(event: Event) -> None:
    """Subscriber: buyers hear of what was done with their orders, unless they did it."""
    for step in await steps.made_in(UUID(event.payload["move"])):
        if step.by_id != step.redemption.buyer_id and event.name.endswith(step.state.lower()):
            await notices.tell(step.redemption.buyer_id, _news(step))


async def withdraw(event: Event) -> None:
    """Subscriber: what was undone is no news."""
    undoing, undone = [await steps.made_in(UUID(event.payload[k])) for k in ("move", "undone")]
    back = {step.redemption_id for step in undoing}
    for step in undone:
        if step.redemption_id in back:
            await notices.withdraw(step.redemption.buyer_id, _news(step))


async def call(event: Event) -> None:
    """Subscriber: whoever sees to a reward hears that somebody ordered it."""
    first, *_ = await steps.made_in(UUID(event.payload["move"]))
    redemption, reward = first.redemption, await Reward.get(id=first.redemption.reward_id)
    if reward.responsible_id and reward.responsible_id != redemption.buyer_id:
        news = News(NoticeKind.ORDERED, f"reward_{reward.id.hex}", str(redemption.id))
        await notices.tell(reward.responsible_id, news)


def _news(step: RedemptionStep) -> News:
    kind = NoticeKind.PICKUP if step.state is READY else NoticeKind.REDEMPTION
    return News(kind, f"redemption_{step.redemption_id.hex}", str(step.id))
