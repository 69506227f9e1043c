"""Moderation news: authors are told that something was decided about their words, and where."""

from uuid import UUID

from community import seals
from community.groups import GroupKind
from community.moderation_cases import Verdict
from core import notices, people, sealed_news
from core.events import Event
from core.notice_kinds import MANNERS, Manner, NoticeKind
from core.notices import News
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
    NoticeKind.APPEAL: Manner(
        Text("Your appeal was decided.", "你的申诉有结果了。", "你的申訴有結果了。")
    ),
}
KINDS = {
    "appeal.decided": NoticeKind.APPEAL,
    "moderation.decided": NoticeKind.RULING,
    "moderation.hidden": NoticeKind.HIDDEN,
}


async def tell(event: Event) -> None:
    """Subscriber: in a support group some time later, so that nobody sees whose phone rings."""
    told = event.payload
    author = await _author(told["author"], told["author_handle"])
    if author is None or _is_unnoticed(event):
        return
    subject = f"{told['kind'].lower()}_{UUID(told['subject']).hex}"
    news = News(KINDS[event.name], subject, str(event.id))
    sheltered = told["group_kind"] == GroupKind.SUPPORT
    await (sealed_news.tell_later if sheltered else notices.tell)(author.id, news)


def _is_unnoticed(event: Event) -> bool:
    """Who was never hidden need not hear of reports in which there was nothing."""
    told = event.payload
    return told.get("verdict") == Verdict.DISMISSED and not told["hides"]


async def _author(id: str | None, handle: str | None) -> Person | None:
    found = id or (await seals.opened([handle or ""]))[0]
    return await Person.filter(people.employed(), id=found).first() if found else None
