"""Announcements: whom of those who talk to each other is told what about it.

What happens in a support group is told without a name or a number, and later: see
`core.messaging.sealed_news`.
"""

from contextlib import suppress
from uuid import UUID

from community import authors, blocks, comments, mutes, posts, seals
from community.comments import Comment
from community.groups import GroupKind
from community.posts import Post
from core import people
from core.database import sql
from core.events import Event
from core.messaging import notices, sealed_news
from core.messaging.notice_kinds import MANNERS, Manner, NoticeKind
from core.messaging.notices import News
from core.people import Person, PersonNotFound
from core.text import Text

MANNERS |= {
    NoticeKind.COMMENT: Manner(
        Text("There are answers for you.", "有人回复了你。", "有人回覆了你。"),
        Text("{who} answered you.", "{who}回复了你。", "{who}回覆了你。"),
    ),
    NoticeKind.ACCEPTED: Manner(
        Text("Your answer was accepted.", "你的回答被采纳了。", "你的回答被採納了。"),
        Text("{who} accepted your answer.", "{who}采纳了你的回答。", "{who}採納了你的回答。"),
    ),
    NoticeKind.THANKS: Manner(
        Text("Your answer helped somebody.", "你的回答帮到了别人。", "你的回答幫到了別人。"),
        Text("Your answer helped {who}.", "你的回答帮到了{who}。", "你的回答幫到了{who}。"),
    ),
    NoticeKind.REACTION: Manner(
        Text("Somebody feels with you.", "有人与你感同身受。", "有人與你感同身受。"),
        Text(
            "{who} liked what you wrote.",
            "{who}喜欢你写的内容。",
            "{who}喜歡你寫的內容。",
        ),
        is_pushed=False,
    ),
    NoticeKind.BUDDY: Manner(
        Text("You have a buddy.", "你有伙伴了。", "你有夥伴了。"),
        Text("{who} and you are buddies.", "{who}是你的伙伴。", "{who}是你的夥伴。"),
    ),
}

KINDS = {
    "answer.accepted": NoticeKind.ACCEPTED,
    "answer.adopted": NoticeKind.THANKS,
    "answer.unaccepted": NoticeKind.ACCEPTED,
    "answer.unadopted": NoticeKind.THANKS,
    "comment.created": NoticeKind.COMMENT,
    "comment.deleted": NoticeKind.COMMENT,
    "comment.hidden": NoticeKind.COMMENT,
    "comment.restored": NoticeKind.COMMENT,
    "reaction.added": NoticeKind.REACTION,
    "reaction.removed": NoticeKind.REACTION,
}


async def tell(event: Event) -> None:
    """Subscriber: who wrote something is told what colleagues made of it."""
    if about := await _about(event):
        reader = await _author(about)
        hears = reader is not None and await _is_heard(event, about, reader)
        await _tell(event, about, reader.id if reader and hears else sealed_news.NOBODY)


async def withdraw(event: Event) -> None:
    """Subscriber: what was taken back is told no more; in a support group nobody could tell it."""
    about = await _about(event)
    if about and about.author_id and not _is_sheltered(event):
        await notices.withdraw(about.author_id, _news(event, about))


async def matched(event: Event) -> None:
    """Subscriber: buddies are told of each other."""
    newcomer, buddy = (UUID(event.payload[key]) for key in ("newcomer", "buddy"))
    for reader, other in ((newcomer, buddy), (buddy, newcomer)):
        subject = f"person_{other.hex}"
        await notices.tell(reader, News(NoticeKind.BUDDY, subject, str(event.id), other))


async def _tell(event: Event, about: Post | Comment, reader_id: UUID) -> None:
    """In a support group something waits sealed in any case: its absence would tell who hears of
    nothing there, because they muted the thread, blocked the other, or wrote both themselves.
    """
    news = _news(event, about)
    if _is_sheltered(event):
        await sealed_news.tell_later(reader_id, news)
    elif reader_id != sealed_news.NOBODY:
        await notices.tell(reader_id, news)


async def _about(event: Event) -> Post | Comment | None:
    """The words that got an answer, thanks or a reaction."""
    told = event.payload
    is_answer = KINDS[event.name] is NoticeKind.COMMENT
    id = UUID(told["post"] if is_answer else told.get("comment") or told["subject"])
    model: type[Post | Comment] = Post if id == UUID(told["post"]) else Comment
    return (await sql.in_bulk(model, [id])).get(id)


async def _author(about: Post | Comment) -> Person | None:
    id = about.author_id or (await seals.opened([about.handle or ""]))[0]
    with suppress(PersonNotFound):
        return await people.found(id) if id else None
    return None


async def _is_heard(event: Event, about: Post | Comment, reader: Person) -> bool:
    """Whether the author may still see it, and wants to, and an answer is somebody else's."""
    [muted] = await mutes.of_viewer([about.thread.id], viewer=reader)
    return not muted and await _is_seen(event, about, reader)


async def _is_seen(event: Event, about: Post | Comment, reader: Person) -> bool:
    """Not what somebody did whom they have blocked."""
    if event.actor_id and await blocks.has_blocked(reader, event.actor_id):
        return False
    if KINDS[event.name] is not NoticeKind.COMMENT:
        seen = posts.seen if isinstance(about, Post) else comments.seen
        return await seen([about.id], viewer=reader) != [None]
    [answer] = await comments.seen([UUID(event.payload["comment"])], viewer=reader)
    return answer is not None and not authors.wrote(reader, answer)


def _news(event: Event, about: Post | Comment) -> News:
    told, tag = event.payload, "post" if isinstance(about, Post) else "comment"
    gesture = f"{told['kind']} of {event.actor_id or event.id}" if "kind" in told else None
    return News(
        KINDS[event.name],
        subject=f"{tag}_{about.id.hex}",
        source=told.get("thanks") or gesture or told["comment"],
        actor=event.actor_id,
    )


def _is_sheltered(event: Event) -> bool:
    return bool(event.payload["group_kind"] == GroupKind.SUPPORT)
