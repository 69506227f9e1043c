"""Badge news: who won a badge is told so, and why one was taken back."""

from uuid import UUID

from core.events import Event
from core.messaging import notices
from core.messaging.notice_kinds import MANNERS, Manner, NoticeKind
from core.messaging.notices import News
from core.text import Text

MANNERS |= {
    NoticeKind.BADGE: Manner(Text("You won a badge.", "你获得了一枚徽章。", "你獲得了一枚徽章。")),
    NoticeKind.BADGE_REVOKED: Manner(
        Text(
            "A badge of yours was taken back. Read why.",
            "你的一枚徽章被收回了，可查看原因。",
            "你的一枚徽章被收回了，可查看原因。",
        )
    ),
}


async def tell(event: Event) -> None:
    """Subscriber: what somebody won."""
    await notices.tell(UUID(event.payload["person"]), _news(NoticeKind.BADGE, event))


async def tell_revoked(event: Event) -> None:
    """Subscriber: what was taken back, for a reason."""
    await withdraw(event)
    await notices.tell(UUID(event.payload["person"]), _news(NoticeKind.BADGE_REVOKED, event))


async def withdraw(event: Event) -> None:
    """Subscriber: what was not won after all is told no more."""
    await notices.withdraw(UUID(event.payload["person"]), _news(NoticeKind.BADGE, event))


def _news(kind: NoticeKind, event: Event) -> News:
    award = event.payload["award"]
    return News(kind, f"award_{UUID(award).hex}", award)
