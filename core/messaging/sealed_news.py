"""Sealed news: what is told about words in a support group, some time later and many at once.

Until then a row says nothing, and then it is gone: neither a copy of the database nor whoever sees
when a phone rings finds out which thread it was about.
"""

from datetime import datetime, timedelta
from secrets import choice
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from core import clock
from core.crypto.resealing import Sealed
from core.messaging import notices
from core.messaging.contents import shut, unshut
from core.messaging.notice_kinds import NoticeKind
from core.messaging.notices import News
from core.transactions import transaction

BATCH = timedelta(minutes=15)  # what is told within one comes at its end, or at the next one's
AT_ONCE = 200
NOBODY = UUID(int=0)  # is told nothing, after a wait like everybody's


class SealedNews(Model):
    id = fields.UUIDField(primary_key=True)
    sealed: bytes = fields.BinaryField(description="for whom and what, encrypted")
    due_at: datetime = fields.DatetimeField(db_index=True)

    class Meta:
        table = "sealed_news"


SEALED = Sealed(SealedNews, "sealed", "notice", lambda news: news.id.bytes)


async def tell_later(person_id: UUID, news: News) -> None:
    """As `notices.tell`, but it names nobody and looks like everything else, whatever it is."""
    id, end = uuid4(), clock.rounded_up(clock.now(), BATCH)
    told = [person_id, news.kind, news.subject, news.source]
    await SealedNews.create(
        id=id, sealed=shut(told, bound_to=id), due_at=choice([end, end + BATCH])
    )


async def tell_due() -> int:
    """Due work: tell what its batch has come for, in an order by chance; how many were told."""
    due = SealedNews.filter(due_at__lte=clock.now()).order_by("due_at", "id").limit(AT_ONCE)
    return sum([await _tell(one) for one in await due])


@transaction
async def _tell(one: SealedNews) -> bool:
    """Whoever deletes the row tells it."""
    if not await SealedNews.filter(id=one.id).delete():
        return False
    person, kind, *rest = unshut(one.sealed, bound_to=one.id)
    told = UUID(person) != NOBODY
    if told:
        await notices.tell(UUID(person), News(NoticeKind(kind), *rest), quietly=True)
    return told
