"""Expert news: experts hear of questions that wait for them, and of their own standing."""

from uuid import UUID

from core.events import Event
from core.messaging import notices
from core.messaging.notice_kinds import MANNERS, Manner, NoticeKind
from core.messaging.notices import News
from core.text import Text

MANNERS |= {
    NoticeKind.EXPERT: Manner(
        Text(
            "Your standing as an expert has changed.",
            "你的达人身份有变化。",
            "你的達人身分有變化。",
        )
    ),
    NoticeKind.QUESTION: Manner(
        Text("A question is waiting for you.", "有个问题等你来解答。", "有個問題等你來解答。")
    ),
}


async def call(event: Event) -> None:
    """Subscriber: a question that nobody has answered is told to its experts."""
    subject = f"post_{UUID(event.payload['post']).hex}"
    for expert in event.payload["experts"].split():
        await notices.tell(UUID(expert), News(NoticeKind.QUESTION, subject, str(event.id)))


async def tell(event: Event) -> None:
    """Subscriber: whoever became an expert, or is one no more, hears of it."""
    subject = f"tag_{UUID(event.payload['tag']).hex}"
    person = UUID(event.payload["person"])
    await notices.tell(person, News(NoticeKind.EXPERT, subject, str(event.id)))
