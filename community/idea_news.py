"""Idea news: who had an idea hears what becomes of it, and who is to see to it that they are."""

from uuid import UUID

from community import blocks, mutes, posts
from core import people
from core.events import Event
from core.messaging import notices
from core.messaging.notice_kinds import MANNERS, Manner, NoticeKind
from core.messaging.notices import News
from core.people import Person
from core.text import Text

MANNERS |= {
    NoticeKind.IDEA: Manner(
        Text("Your idea was answered.", "你的点子有答复了。", "你的點子有答覆了。"),
        Text("{who} answered your idea.", "{who}答复了你的点子。", "{who}答覆了你的點子。"),
    ),
    NoticeKind.IDEA_OWNER: Manner(
        Text("You are asked to see to an idea.", "有个点子交给你跟进。", "有個點子交給你跟進。"),
        Text(
            "{who} asks you to see to an idea.",
            "{who}请你跟进一个点子。",
            "{who}請你跟進一個點子。",
        ),
    ),
}


async def tell_author(event: Event) -> None:
    """Subscriber: unless they answered it themselves."""
    await _tell(event, NoticeKind.IDEA, event.payload["author"])


async def tell_owner(event: Event) -> None:
    """Subscriber: unless they took it on themselves; nobody need hear that it is theirs no more."""
    await _tell(event, NoticeKind.IDEA_OWNER, event.payload["owner"])


async def _tell(event: Event, kind: NoticeKind, reader_id: str | None) -> None:
    reader = await Person.filter(people.employed(), id=reader_id).first() if reader_id else None
    if reader and reader.id != event.actor_id and await _is_heard(event, reader):
        subject = f"post_{UUID(event.payload['post']).hex}"
        await notices.tell(reader.id, News(kind, subject, str(event.id), event.actor_id))


async def _is_heard(event: Event, reader: Person) -> bool:
    """Where they still read, and have neither muted it nor blocked who did it."""
    post_id = UUID(event.payload["post"])
    [muted] = await mutes.of_viewer([post_id], viewer=reader)
    blocked = await blocks.has_blocked(reader, event.actor_id)
    return not muted and not blocked and await posts.seen([post_id], viewer=reader) != [None]
