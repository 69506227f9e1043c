"""Announcements: who earned points is told so, in one line for all of them."""

from uuid import UUID

from core.database.sql import Statement
from core.events import Event
from core.messaging import notices
from core.messaging.notice_kinds import MANNERS, Manner, NoticeKind
from core.messaging.notices import News
from core.text import Text
from gamify.event_kinds import KNOWN, UNDOING
from gamify.ledger import Transfer

MANNERS[NoticeKind.POINTS] = Manner(
    Text("You earned {amount} points.", "你获得了 {amount} 积分。", "你獲得了 {amount} 點。"),
    is_pushed=False,
)


MOVED = Statement(
    """
    SELECT transfer.* FROM transfer
    WHERE person_id = ANY(:payees) AND at = :at AND event_id = :event
    """,
    Transfer,
)


async def tell(event: Event) -> None:
    """Subscriber, once the event was paid for."""
    for transfer in await _transfers(event):
        news = News(NoticeKind.POINTS, "", str(transfer.id), amount=transfer.points)
        await notices.tell(transfer.person_id, news)


async def withdraw(event: Event) -> None:
    """Subscriber, once what was paid has been taken back."""
    for transfer in await _transfers(event):
        if transfer.reverses_id:
            news = News(NoticeKind.POINTS, "", str(transfer.reverses_id))
            await notices.withdraw(transfer.person_id, news)


async def _transfers(event: Event) -> list[Transfer]:
    """What moved for an event; it moved at the event's moment, by which the index finds it."""
    kind = KNOWN[UNDOING.get(event.name, event.name)]
    if payees := [UUID(payee) for key in kind.payees if (payee := event.payload.get(key))]:
        moved = await MOVED.rows(payees=payees, at=event.due_at, event=event.id)
        return [transfer for (transfer,) in moved]
    return []
