"""Report news: who reported something hears what came of it, with others and some time later.

Until then their id is sealed beside the report, and then it is gone: no report leads to anybody.
"""

from uuid import UUID

from community.moderation_cases import Verdict
from community.reports import Report
from core import people
from core.crypto import sealing
from core.events import Event
from core.messaging import sealed_news
from core.messaging.notice_kinds import MANNERS, Manner, NoticeKind
from core.messaging.notices import News
from core.people import Person
from core.text import Text
from core.transactions import transaction

MANNERS |= {
    NoticeKind.REPORT_UPHELD: Manner(
        Text(
            "Thank you for speaking up: a moderator has acted on your report.",
            "谢谢你的举报，版主已作出处理。",
            "謝謝你的檢舉，版主已作出處理。",
        ),
        is_pushed=False,
    ),
    NoticeKind.REPORT_DISMISSED: Manner(
        Text(
            "A moderator has read what you reported and let it stand. Thank you for looking out.",
            "版主看过你举报的内容，决定予以保留。谢谢你的留意。",
            "版主看過你檢舉的內容，決定予以保留。謝謝你的留意。",
        ),
        is_pushed=False,
    ),
}


async def tell(event: Event) -> None:
    """Subscriber: all whose reports were decided; in any group, for it is nobody's to know."""
    told = event.payload
    is_dismissed = told["verdict"] == Verdict.DISMISSED
    kind = NoticeKind.REPORT_DISMISSED if is_dismissed else NoticeKind.REPORT_UPHELD
    news = News(kind, f"{told['kind'].lower()}_{UUID(told['subject']).hex}", told["case"])
    for report in await Report.filter(case_id=told["case"], sealed__not_isnull=True):
        await _tell(report, news)


@transaction
async def _tell(report: Report, news: News) -> None:
    """Once, by whoever opens it."""
    sealed, standing = report.sealed, Report.filter(id=report.id, sealed__not_isnull=True)
    if sealed and await standing.update(sealed=None):
        person_id = UUID(bytes=sealing.opened("notice", sealed, bound_to=report.id.bytes))
        if await Person.filter(people.employed(), id=person_id).exists():
            await sealed_news.tell_later(person_id, news)
