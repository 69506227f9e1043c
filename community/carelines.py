"""Care lines: counsellors and a sealed author write to each other without names.

A line belongs to a handle. Its author finds it by comparing; counsellors see an alias and never
whose it is, and any of them may go on where another one stopped.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.expressions import Q
from tortoise.models import Model
from tortoise.queryset import QuerySet

from community import authors
from community.authors import Thread, Written
from community.buckets import BUCKET
from community.comments import Comment
from community.counsellors import counsels
from community.posts import Post
from core import audit, clock, pages, people
from core.database import inserts
from core.database.sql import Statement
from core.errors import Conflict, Forbidden, NotFound
from core.pages import Connection, Listing, Page
from core.people import Person
from core.text import Text
from core.transactions import transaction

KEPT = timedelta(days=180)  # after the last message

Subject = Post | Comment

OWN = Listing("own care lines", "opened_at")
WRITTEN = Listing("care lines", "last_written_at")


class CareLine(Model):
    id = fields.UUIDField(primary_key=True)
    thread_id: UUID = fields.UUIDField(description="a post")
    key_version = fields.SmallIntField(description="of the thread's handles")
    handle = fields.CharField(max_length=64, unique=True)
    alias = fields.CharField(max_length=40)
    counsellor_id: UUID | None = fields.UUIDField(null=True, description="who takes care of it")
    is_awaiting_answer = fields.BooleanField(
        default=False, description="the last word is the author's"
    )
    opened_at: datetime = fields.DatetimeField()
    last_written_at: datetime | None = fields.DatetimeField(
        null=True, description="of what counsellors see; null: nothing yet"
    )
    destroyed_on: date = fields.DateField(db_index=True)

    author_id: UUID | None = None  # nobody's name stands here

    class Meta:
        table = "care_line"
        indexes = (("last_written_at", "id"), ("is_awaiting_answer", "last_written_at", "id"))

    @property
    def thread(self) -> Thread:
        return Thread(self.thread_id, self.key_version)


STANDING = Statement("SELECT care_line.* FROM care_line WHERE destroyed_on > :today", CareLine)
SOME = pages.Listed("SELECT care_line.* FROM care_line WHERE id = ANY(:ids)", CareLine, OWN)
KNOWN = """
    SELECT care_line.* FROM care_line
    WHERE last_written_at IS NOT NULL AND destroyed_on > :today
"""
LISTED = {
    None: pages.Listed(KNOWN, CareLine, WRITTEN),
    True: pages.Listed(f"{KNOWN} AND is_awaiting_answer", CareLine, WRITTEN),
    False: pages.Listed(f"{KNOWN} AND NOT is_awaiting_answer", CareLine, WRITTEN),
}


class CareLineNotFound(NotFound):
    text = Text("This care line is not here.", "找不到这条关怀专线。", "找不到這條關懷專線。")


class WrittenByName(Conflict):
    text = Text(
        "This was written with a name. Please talk to the person directly.",
        "这是署名发言，请直接与本人沟通。",
        "這是署名發言，請直接與本人溝通。",
    )


class CounsellorsOnly(Forbidden):
    text = Text(
        "Only counsellors and the author have a care line here.",
        "只有心理咨询师和作者本人可以使用关怀专线。",
        "只有心理諮商師和作者本人可以使用關懷專線。",
    )


@transaction
async def open_to(subject: Subject, *, by: Person) -> CareLine:
    """The line between counsellors and whoever wrote this unseen; there is one in each thread."""
    if subject.handle is None:
        raise WrittenByName
    is_author = authors.wrote(by, subject)
    if not is_author and not counsels(by):
        raise CounsellorsOnly
    line = await line_of(subject)
    if not is_author:
        free = CareLine.filter(id=line.id, counsellor_id__isnull=True)
        await _entrust(line, free, by, "careline.opened")
    return line


@transaction
async def take_over(line_id: UUID, *, by: Person) -> CareLine:
    """Go on as the counsellor who takes care of it."""
    line = await visible(line_id, to=by)
    if authors.wrote(by, line):
        raise CounsellorsOnly
    others = CareLine.filter(~Q(counsellor_id=by.id) | Q(counsellor_id__isnull=True), id=line.id)
    await _entrust(line, others, by, "careline.taken_over")
    return line


async def visible(line_id: UUID, *, to: Person) -> CareLine:
    """The one way to reach a line on a person's behalf: its author's, or a counsellor's."""
    line = await CareLine.get_or_none(id=line_id, destroyed_on__gt=clock.business_date())
    if line and (authors.wrote(to, line) or (_is_known(line) and counsels(to))):
        return line
    raise CareLineNotFound


async def line_of(row: Written) -> CareLine:
    """The line to the handle behind a row, made if there is none; belongs into a transaction."""
    line = CareLine(
        id=uuid4(),
        thread_id=row.thread.id,
        key_version=row.thread.key_version,
        handle=row.handle,
        alias=row.alias,
        opened_at=clock.rounded_up(clock.now(), BUCKET),
        destroyed_on=clock.business_date() + KEPT,
    )
    await inserts.added(line)
    return await CareLine.get(handle=row.handle)


async def listed(*, page: Page, awaiting_answer: bool | None = None) -> Connection[CareLine]:
    """For counsellors: every line, by its last message, the latest first."""
    return await LISTED[awaiting_answer].read(page, today=clock.business_date())


async def own(persons: Sequence[Person], *, page: Page) -> list[Connection[CareLine]]:
    """The lines of each as an author. No index leads there: all are compared."""
    lines = [line for (line,) in await STANDING.rows(today=clock.business_date())]
    mine = [[line.id for line in lines if authors.wrote(one, line)] for one in persons]
    return [await SOME.read(page, ids=ids) for ids in mine]


async def counsellors(lines: Sequence[CareLine], *, viewer: Person) -> list[Person | None]:
    """Who takes care of each; the author talks to a counsellor, not to a name."""
    shown = [None if authors.wrote(viewer, line) else line.counsellor_id for line in lines]
    return await people.by_id(shown)


async def destroy() -> None:
    """Due work: what nobody has written to for 180 days is gone, with all that was said."""
    await CareLine.filter(destroyed_on__lte=clock.business_date()).delete()


def _is_known(line: CareLine) -> bool:
    """Whether there is anything that counsellors know of."""
    return line.last_written_at is not None or line.counsellor_id is not None


async def _entrust(line: CareLine, free: QuerySet[CareLine], to: Person, what: str) -> None:
    """Unless somebody was faster."""
    if await free.update(counsellor_id=to.id):
        await audit.record(what, by=to.id, about=line.id, thread=line.thread_id)
    await line.refresh_from_db(["counsellor_id"])
