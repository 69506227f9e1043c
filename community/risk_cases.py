"""Risk cases: somebody may be in danger, and a counsellor has to look by a deadline.

A subject has one open case at most. Of an anonymous author a case carries the handle, never the
person; nobody sees a case of their own or of their reporting line.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from community import authors, counsellors
from community.authors import Thread, Written
from community.buckets import BUCKET
from community.groups import Group
from community.risk_words import Level
from core import clock, events, pages, settings
from core.database.sql import Statement
from core.errors import NotFound
from core.pages import Connection, Listing, Page
from core.people import Person
from core.personnel.reporting_lines import LINE
from core.text import Text

CASES = Listing("risk_cases", "acknowledge_by", newest_first=False)


class Cause(StrEnum):
    """Words that a rule names, a report of danger, or somebody's worry."""

    RULE = "RULE"
    REPORT = "REPORT"
    WORRY = "WORRY"


class Outcome(StrEnum):
    SUPPORTED = "SUPPORTED"
    REFERRED = "REFERRED"
    EMERGENCY = "EMERGENCY"
    UNREACHABLE = "UNREACHABLE"
    UNFOUNDED = "UNFOUNDED"


class RiskCase(Model):
    id = fields.UUIDField(primary_key=True)
    open_for: UUID | None = fields.UUIDField(
        null=True, unique=True, description="the subject, until it is closed"
    )
    subject_id: UUID = fields.UUIDField(db_index=True, description="a post, comment or person")
    post_id: UUID | None = fields.UUIDField(null=True)
    comment_id: UUID | None = fields.UUIDField(null=True)
    author_id: UUID | None = fields.UUIDField(null=True, description="whom it is about, if named")
    handle = fields.CharField(max_length=64, null=True, description="or else their handle")
    alias = fields.CharField(max_length=40, null=True)
    thread_id: UUID | None = fields.UUIDField(null=True)
    key_version: int | None = fields.SmallIntField(null=True)
    words = fields.TextField(default="", description="that signalled danger, as they stood")
    cause = fields.CharEnumField(Cause, max_length=10)
    level = fields.CharEnumField(Level, max_length=10)
    is_holding = fields.BooleanField(default=False, description="the subject is held back")
    opened_at: datetime = fields.DatetimeField()
    acknowledge_by: datetime = fields.DatetimeField()
    called_id: UUID | None = fields.UUIDField(null=True, description="whose turn; null: all's")
    escalations = fields.SmallIntField(default=0)
    escalates_at: datetime | None = fields.DatetimeField(null=True, db_index=True)
    holder_id: UUID | None = fields.UUIDField(null=True)
    acknowledged_at: datetime | None = fields.DatetimeField(null=True)
    closed_at: datetime | None = fields.DatetimeField(null=True)
    outcome = fields.CharEnumField(Outcome, max_length=20, null=True)

    class Meta:
        table = "risk_case"
        indexes = (("closed_at", "acknowledge_by", "id"),)

    @property
    def thread(self) -> Thread:
        return Thread(self.thread_id or self.subject_id, self.key_version)

    @property
    def is_overdue(self) -> bool:
        waits = self.acknowledged_at is None and self.closed_at is None
        return waits and self.acknowledge_by <= clock.now()


@dataclass(frozen=True, slots=True)
class Danger:
    """Who may be in danger, and the words that say so."""

    subject_id: UUID
    level: Level
    cause: Cause
    words: str
    author_id: UUID | None = None
    handle: str | None = None
    alias: str | None = None
    thread: Thread | None = None
    post_id: UUID | None = None
    comment_id: UUID | None = None
    is_sheltered: bool = False
    is_holding: bool = False
    source: UUID | None = None  # of a report, which is heard once
    heard_at: datetime = field(default_factory=clock.now)

    @property
    def at(self) -> datetime:
        """In a support group a case is no more exact about time than the words are."""
        return clock.rounded_down(self.heard_at, BUCKET) if self.is_sheltered else self.heard_at


STATES = {False: "closed_at IS NULL", True: "closed_at IS NOT NULL"}
UNSEEN = "SELECT risk_case.* FROM risk_case WHERE handle IS NOT NULL AND"
#: Nobody's of the reader's reporting line.
IMPARTIAL = f"""
    WITH RECURSIVE {LINE} SELECT risk_case.* FROM risk_case
    WHERE (author_id IS NULL OR author_id NOT IN (SELECT line.id FROM line))
    AND NOT risk_case.id = ANY(:own) AND
"""
SEALED = {closed: Statement(f"{UNSEEN} {state}", RiskCase) for closed, state in STATES.items()}
LISTED = {
    closed: pages.Listed(f"{IMPARTIAL} {state}", RiskCase, CASES)
    for closed, state in STATES.items()
}


class RiskCaseNotFound(NotFound):
    text = Text("This case is not here.", "找不到这个个案。", "找不到這個個案。")


def danger(row: Written, group: Group, level: Level, cause: Cause, **more: Any) -> Danger:
    """What a post or a comment says about its author."""
    subject: Any = row
    is_comment = subject.id != row.thread.id
    return Danger(
        subject_id=subject.id,
        level=level,
        cause=cause,
        words=subject.text,
        author_id=row.author_id,
        handle=row.handle,
        alias=row.alias,
        thread=row.thread,
        post_id=row.thread.id,
        comment_id=subject.id if is_comment else None,
        is_sheltered=group.sheltered,
        **more,
    )


async def visible(case_id: UUID, *, to: Person) -> RiskCase:
    """The one way to reach a case on a counsellor's behalf."""
    case = await RiskCase.get_or_none(id=case_id)
    if case is None or not counsellors.counsels(to) or not await impartial(case, [to]):
        raise RiskCaseNotFound
    return case


async def listed(*, to: Person, page: Page, closed: bool = False) -> Connection[RiskCase]:
    """Those that are open, or closed, by their deadlines; none that a counsellor must not see."""
    sealed = [case for (case,) in await SEALED[closed].rows()]
    own = [case.id for case in sealed if authors.wrote(to, case)]
    return await LISTED[closed].read(page, reader=to.id, own=own)


async def impartial(case: RiskCase, people: Sequence[Person]) -> list[Person]:
    """Who of these is neither the one it is about nor of their reporting line.

    Of an anonymous author nobody knows the line, and to leave it out would tell it.
    """
    line = await _line(case.author_id) if case.author_id else set()
    return [one for one in people if one.id not in line and not _is_own(case, one)]


async def called(case: RiskCase) -> list[Person]:
    """Who is to be told of it now: whose turn it is, or all counsellors."""
    everyone = await impartial(case, await counsellors.everyone())
    return [one for one in everyone if case.called_id in {None, one.id}]


def period(level: Level) -> timedelta:
    """How long a case of this level may wait."""
    chosen = settings.current()
    minutes = {
        Level.GREEN: chosen.risk_minutes_green,
        Level.AMBER: chosen.risk_minutes_amber,
        Level.RED: chosen.risk_minutes_red,
    }
    return timedelta(minutes=minutes[level])


async def tell(name: str, case: RiskCase, *, is_urgent: bool) -> None:
    """For notices, which ask `called` whom to tell; nobody is named here."""
    await events.record(name, case=case.id, level=case.level, urgent=is_urgent)


OF_LINE = Statement(f"WITH RECURSIVE {LINE} SELECT id FROM line")


async def _line(person_id: UUID) -> set[UUID]:
    return {UUID(str(id)) for (id,) in await OF_LINE.rows(reader=person_id)}


def _is_own(case: RiskCase, person: Person) -> bool:
    return case.handle is not None and authors.wrote(person, case)
