"""Moderation news: authors are told that something was decided about their words, and where."""

from uuid import UUID

from community import seals
from community.groups import Group, GroupKind
from community.moderation_cases import Verdict
from core import people
from core.events import Event
from core.messaging import notices, sealed_news
from core.messaging.notice_kinds import MANNERS, Manner, NoticeKind
from core.messaging.notices import News
from core.people import Person
from core.text import Text

MANNERS |= {
    NoticeKind.HIDDEN: Manner(
        Text(
            "What you wrote is hidden until a moderator has read it.",
            "你发的内容已暂时隐藏，等待版主查看。",
            "你發的內容已暫時隱藏，等待版主查看。",
        )
    ),
    NoticeKind.RULING: Manner(
        Text(
            "A moderator has decided about what you wrote.",
            "版主处理了你发的内容。",
            "版主處理了你發的內容。",
        )
    ),
    NoticeKind.SUSPENDED: Manner(
        Text(
            "You cannot write in one of your groups for a while.",
            "你暂时不能在一个群组里发言。",
            "你暫時不能在一個群組裡發言。",
        )
    ),
    NoticeKind.APPEAL: Manner(
        Text("Your appeal was decided.", "你的申诉有结果了。", "你的申訴有結果了。")
    ),
}
KINDS = {
    "appeal.decided": NoticeKind.APPEAL,
    "author.suspended": NoticeKind.SUSPENDED,
    "moderation.decided": NoticeKind.RULING,
    "moderation.hidden": NoticeKind.HIDDEN,
}


async def tell(event: Event) -> None:
    """Subscriber: an author is told of what was hidden or decided."""
    told = event.payload
    if not _is_unnoticed(event):
        subject = f"{told['kind'].lower()}_{UUID(told['subject']).hex}"
        await _tell(event, subject, sheltered=told["group_kind"] == GroupKind.SUPPORT)


async def tell_suspended(event: Event) -> None:
    """Subscriber: an author is told in which group they cannot write for a while."""
    group = await Group.get(id=event.payload["group"])
    await _tell(event, f"group_{group.id.hex}", sheltered=group.sheltered)


async def _tell(event: Event, subject: str, *, sheltered: bool) -> None:
    """In a support group some time later, so that nobody sees whose phone rings."""
    author = await _author(event.payload["author"], event.payload["author_handle"])
    if author:
        news = News(KINDS[event.name], subject, str(event.id))
        await (sealed_news.tell_later if sheltered else notices.tell)(author.id, news)


def _is_unnoticed(event: Event) -> bool:
    """Who was never hidden need not hear of reports in which there was nothing."""
    told = event.payload
    return told.get("verdict") == Verdict.DISMISSED and not told["hides"]


async def _author(id: str | None, handle: str | None) -> Person | None:
    found = id or (await seals.opened([handle or ""]))[0]
    return await Person.filter(people.employed(), id=found).first() if found else None
