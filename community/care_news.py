"""Care news: who is told, without a word of what, that a care line or a decision waits."""

from community import authors, counsellors, seals
from community.breakglass_requests import BreakGlassRequest
from community.care_messages import CareMessage
from community.carelines import CareLine
from core import people
from core.events import Event
from core.messaging import notices, sealed_news
from core.messaging.notice_kinds import MANNERS, Manner, NoticeKind
from core.messaging.notices import News
from core.people import Person
from core.text import Text

MANNERS |= {
    NoticeKind.CARE: Manner(
        Text("Somebody wrote to you.", "有人给你留言了。", "有人給你留言了。"), is_safety=True
    ),
    NoticeKind.BREAK_GLASS: Manner(
        Text("A colleague needs your decision.", "有同事需要你的决定。", "有同事需要你的決定。"),
        is_safety=True,
    ),
}


async def tell(event: Event) -> None:
    """Subscriber: the other side is told; the author later, among others, so that no time joins."""
    message = await CareMessage.get_or_none(id=event.payload["message"])
    line = await CareLine.get_or_none(id=event.payload["careline"])
    if message is None or line is None:
        return
    news = News(NoticeKind.CARE, f"careline_{line.id.hex}", str(message.id))
    if message.is_from_author:
        for counsellor in await _carers(line):
            await notices.tell(counsellor.id, news)
    elif author := await _author(line):
        await sealed_news.tell_later(author.id, news)


async def call_second(event: Event) -> None:
    """Subscriber: every other counsellor is asked to decide; in a red case that is a page."""
    request = await BreakGlassRequest.get_or_none(id=event.payload["request"])
    if request is None or request.decision:
        return
    subject = f"breakglassrequest_{request.id.hex}"
    for one in await counsellors.everyone():
        if one.id != request.asked_by_id and not authors.wrote(one, request):
            await notices.tell(one.id, News(NoticeKind.BREAK_GLASS, subject, str(event.id)))


async def _carers(line: CareLine) -> list[Person]:
    """Who takes care of the line, or else every counsellor but its author."""
    everyone = [one for one in await counsellors.everyone() if not authors.wrote(one, line)]
    return [one for one in everyone if one.id == line.counsellor_id] or everyone


async def _author(line: CareLine) -> Person | None:
    [id] = await seals.opened([line.handle])
    return await Person.filter(people.employed(), id=id).first() if id else None
