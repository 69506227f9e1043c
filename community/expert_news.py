"""Expert news: experts hear of questions that wait for them, and of their own standing."""

from uuid import UUID

from community import blocks
from core import people
from core.events import Event
from core.messaging import notices
from core.messaging.notice_kinds import MANNERS, Manner, NoticeKind
from core.messaging.notices import News
from core.people import Grants, Person
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
    NoticeKind.ENDORSED: Manner(
        Text("A colleague vouches for you.", "有同事认可了你的专长。", "有同事認可了你的專長。"),
        Text(
            "{who} vouched for what you know.",
            "{who}认可了你的专长。",
            "{who}認可了你的專長。",
        ),
    ),
    NoticeKind.REVIEW: Manner(
        Text(
            "Somebody is proposed as an expert.",
            "有同事被推荐为达人，等待审核。",
            "有同事被推薦為達人，等待審核。",
        ),
        is_pushed=False,
    ),
}

MODERATING = [number for number in range(2 * Grants.ADMIN) if number & Grants.MODERATOR]


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


async def tell_endorsed(event: Event) -> None:
    """Subscriber: who is spoken for hears by whom; they can read it in their profile as well."""
    subject = f"tag_{UUID(event.payload['tag']).hex}"
    source = f"{event.actor_id} in {event.payload['tag']}"
    person = await Person.filter(people.employed(), id=event.payload["person"]).first()
    if person and not await blocks.has_blocked(person, event.actor_id):
        await notices.tell(person.id, News(NoticeKind.ENDORSED, subject, source, event.actor_id))


async def call_reviewers(event: Event) -> None:
    """Subscriber: all moderators but the one whom it is about hear that a proposal waits."""
    reviewers = Person.filter(people.employed(), grants__in=MODERATING)
    subject = f"expert_{UUID(event.payload['expert']).hex}"
    for one in await reviewers.exclude(id=event.payload["person"]).order_by("number"):
        await notices.tell(one.id, News(NoticeKind.REVIEW, subject, str(event.id)))
