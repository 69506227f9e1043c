"""Notices: what a person is told, one line for what is alike.

What happens to the same thing joins its line as long as that is unread, and the line stays in its
place. A row tells whom it is for and nothing else: kind, subject and names are encrypted, so that
nobody who reads the table learns which of them is about words written unseen.
"""

from collections.abc import AsyncGenerator, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from core import bus, clock, cursors, pages, people, transactions
from core.crypto.resealing import Sealed
from core.database import inserts
from core.database.sql import Statement
from core.events import Event
from core.listeners import Listener
from core.messaging import deliveries, notice_settings
from core.messaging.contents import Content, Part, closed, opened, topic
from core.messaging.notice_kinds import MANNERS, NoticeKind
from core.pages import Connection, Listing, Page
from core.people import Person
from core.together import together
from core.transactions import transaction

KEPT = timedelta(days=90)
MOST = 100  # unread ones are counted, and read in one go
STEP = timedelta(minutes=5)  # as exact as times are told

NOTICES = Listing("notices", "at")


class Box(Model):
    person_id: UUID = fields.UUIDField(primary_key=True)
    seq = fields.BigIntField(default=0, description="of the newest notice")

    class Meta:
        table = "notice_box"


class Notice(Model):
    id = fields.UUIDField(primary_key=True)
    person_id: UUID = fields.UUIDField()
    topic = fields.CharField(max_length=64, description="keyed hash of kind and subject")
    sealed: bytes = fields.BinaryField(description="what it says, encrypted")
    seq = fields.BigIntField(description="in the order of the commits, for those who follow live")
    at: datetime = fields.DatetimeField(db_index=True, description="rounded down to 5 minutes")
    is_read = fields.BooleanField(default=False)

    class Meta:
        table = "notice"
        unique_together = ("person_id", "topic")
        indexes = (("person_id", "at", "id"), ("person_id", "seq"), ("person_id", "is_read"))

    @property
    def content(self) -> Content:
        return opened(self.sealed, self.id)

    @property
    def kind(self) -> NoticeKind:
        return self.content.kind

    @property
    def subject_id(self) -> str | None:
        return self.content.subject or None

    @property
    def actor_count(self) -> int:
        return len(self.content.actors)

    @property
    def cursor(self) -> str:
        return cursors.closed(self.seq.to_bytes(8, "big"), listing=_listing(self.person_id))


#: Whoever comes later waits for our commit, so lines of one person change one by one.
NEXT = Statement(
    """
    INSERT INTO notice_box (person_id, seq) VALUES (:person, 1)
    ON CONFLICT (person_id) DO UPDATE SET seq = notice_box.seq + 1 RETURNING seq
    """
)
LINE = Statement("SELECT notice.* FROM notice WHERE person_id = :person AND topic = :topic", Notice)
LINES = pages.Each(Notice, "person_id = parent.id", NOTICES)
UNREAD = Statement(
    """
    SELECT person_id, COUNT(*) FROM notice
    WHERE person_id = ANY(:people) AND NOT is_read GROUP BY person_id
    """
)

#: Of those of a person, all or these.
READ = "UPDATE notice SET is_read = TRUE WHERE person_id = :person AND NOT is_read {} RETURNING id"
READ_ALL, READ_THESE = map(Statement, (READ.format(""), READ.format("AND id = ANY(:ids)")))

SEALED = Sealed(Notice, "sealed", "notice", lambda notice: notice.id.bytes)


class News(NamedTuple):
    """`subject` is the id of what it is about, as clients know it; `source` is told once."""

    kind: NoticeKind
    subject: str
    source: str
    actor: UUID | None = None
    amount: int = 0


class NoticesRead(NamedTuple):
    person_id: UUID


@transaction
async def tell(person_id: UUID, news: News, *, quietly: bool = False) -> None:
    """Tell somebody something, as far as they want to hear it; the same source twice is once.

    What is told quietly breaks through no quiet, whatever its kind.
    """
    wanted = await notice_settings.channels(person_id, news.kind)
    if not wanted:
        return
    seq, notice = await _next(person_id), await _line(person_id, news.kind, news.subject)
    content = notice.content
    if news.source in content.sources:
        return
    is_new = notice.is_read
    if is_new:
        notice.at, content = clock.rounded_down(clock.now(), STEP), content.read()
    part = Part(news.source, news.actor, news.amount)
    notice.sealed, notice.seq, notice.is_read = closed(content.joined(part), notice.id), seq, False
    await inserts.put(notice, "person_id", "topic")
    if is_new:
        urgent = MANNERS[news.kind].is_safety and not quietly
        await deliveries.add(notice.id, person_id, wanted, is_urgent=urgent)
    transactions.after_commit(partial(bus.current().tell, person_id, seq))


@transaction
async def withdraw(person_id: UUID, news: News) -> None:
    """What was taken back goes out of its line; a line without news is gone."""
    await _next(person_id)
    notice = await _line(person_id, news.kind, news.subject)
    content = notice.content.without(news.source)
    if any(part.is_news for part in content.parts):
        await Notice.filter(id=notice.id).update(sealed=closed(content, notice.id))
    else:
        await Notice.filter(id=notice.id).delete()


@transaction
async def mark_read(ids: Sequence[UUID] | None = None, *, by: Person) -> NoticesRead:
    """These, or all of them; what is read stays read."""
    read = READ_ALL if ids is None else READ_THESE
    if found := await read.rows(person=by.id, ids=ids):
        await deliveries.forget([id for (id,) in found])
    return NoticesRead(by.id)


async def of(person_ids: Sequence[UUID], *, page: Page) -> list[Connection[Notice]]:
    """What each was told, newest first."""
    return await LINES.read(person_ids, page)


@together
async def unread_counts(person_ids: Sequence[UUID]) -> list[int]:
    """At most 100 each."""
    rows = await UNREAD.rows(people=person_ids)
    counted = {UUID(str(id)): count for id, count in rows}  # SQLite keeps ids as text
    return [min(MOST, counted.get(id, 0)) for id in person_ids]


async def follow(
    person: Person, after: str | None, *, listener: Listener
) -> AsyncGenerator[Notice]:
    """What is told behind a cursor, or from now on, until the listener is ended: each line as it
    stands then. Raises BadCursor.
    """
    [reached] = await newest([person.id])
    seq = reached if after is None else min(reached, _place(after, person))
    listener.hear(reached)
    while True:
        await listener.beyond(seq)
        [reached] = await newest([person.id])
        behind = Notice.filter(person_id=person.id, seq__gt=seq, seq__lte=reached)
        rows = await behind.order_by("seq").limit(MOST)
        for notice in rows:
            listener.check()
            yield notice
        seq = rows[-1].seq if len(rows) == MOST else reached


async def newest(person_ids: Sequence[UUID]) -> list[int]:
    """How far each person's box has got."""
    found = dict(await Box.filter(person_id__in=person_ids).values_list("person_id", "seq"))
    return [found.get(id, 0) for id in person_ids]


async def forget() -> None:
    """Due work: after 90 days a notice has told what it had to."""
    await Notice.filter(at__lt=clock.now() - KEPT).delete()


async def end(event: Event) -> None:
    """Subscriber: who has left is told nothing more."""
    person_id = UUID(event.payload["person"])
    if await people.has_left(person_id):
        await Notice.filter(person_id=person_id).delete()


async def _next(person_id: UUID) -> int:
    seq: int
    [(seq,)] = await NEXT.rows(person=person_id)
    return seq


async def _line(person_id: UUID, kind: NoticeKind, subject: str) -> Notice:
    """The line of what is alike; a new one is as one that was read."""
    alike = topic(person_id, kind, subject)
    notice: Notice
    for (notice,) in await LINE.rows(person=person_id, topic=alike):
        return notice
    id = uuid4()
    sealed = closed(Content(kind, subject), id)
    return Notice(id=id, person_id=person_id, topic=alike, sealed=sealed, is_read=True)


def _place(cursor: str, person: Person) -> int:
    return int.from_bytes(cursors.opened(cursor, listing=_listing(person.id)), "big")


def _listing(person_id: UUID) -> str:
    return f"notices of {person_id.hex}"
