"""Announcements: what becomes of whom one brought, in words that name nobody."""

from uuid import UUID

from core.events import Event
from core.messaging import notices
from core.messaging.notice_kinds import MANNERS, Manner, NoticeKind
from core.messaging.notices import News
from core.text import Text
from referrals import claims
from referrals.candidates import COARSE, Candidate, Stage

MANNERS[NoticeKind.REFERRAL] = Manner(
    Text(
        "There is news of somebody you brought.",
        "你推荐的朋友有新消息。",
        "你推薦的朋友有新消息。",
    )
)


async def tell(event: Event) -> None:
    """Subscriber: that something happened; what it was stands with the referral."""
    await _tell(event.payload["referrer"], event)
    if event.payload.get("rival") and event.payload["granted"]:
        await _tell(event.payload["rival"], event)


async def tell_moved(event: Event) -> None:
    """Subscriber: a candidate came further, as far as they let it be seen."""
    candidate = await Candidate.get(id=UUID(event.payload["candidate"]))
    before, now = (COARSE[Stage(event.payload[name])] for name in ("before", "stage"))
    referral = await claims.live(candidate)
    is_about = referral is not None and referral.candidate_id == candidate.id
    if referral and is_about and candidate.shares_stage and before is not now:
        await _tell(str(referral.referrer_id), event)


async def _tell(person_id: str, event: Event) -> None:
    news = News(NoticeKind.REFERRAL, "", str(event.id))
    await notices.tell(UUID(person_id), news)
