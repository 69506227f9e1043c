"""Risk news: counsellors hear that somebody may be in danger, at once where it is urgent."""

from community import risk_cases
from community.risk_cases import RiskCase
from core.events import Event
from core.messaging import notices
from core.messaging.notice_kinds import MANNERS, Manner, NoticeKind
from core.messaging.notices import News
from core.text import Text

WAITS = Text(
    "Somebody needs looking after.", "有人需要你的关心和照应。", "有人需要你的關心和照應。"
)

MANNERS |= {
    NoticeKind.RISK: Manner(WAITS, is_safety=True),
    NoticeKind.CONCERN: Manner(WAITS),
}


async def tell(event: Event) -> None:
    """Subscriber: whoever is called to a case hears of it, until somebody takes care of it."""
    case = await RiskCase.get_or_none(id=event.payload["case"], closed_at=None, holder_id=None)
    if case is None:
        return
    kind = NoticeKind.RISK if event.payload["urgent"] else NoticeKind.CONCERN
    for one in await risk_cases.called(case):
        await notices.tell(one.id, News(kind, f"riskcase_{case.id.hex}", str(event.id)))
