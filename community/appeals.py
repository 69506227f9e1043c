"""Appeals: an author objects to a verdict, once, and another moderator decides."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.expressions import Subquery
from tortoise.models import Model

from community import (
    authors,
    buckets,
    hidings,
    moderation_cases,
    moderation_queue,
    reporters,
    reports,
    subjects,
    suspensions,
    verdicts,
)
from community.hiding_reasons import HidingReason
from community.moderation_cases import Matter, ModerationCase, Verdict
from community.posts import NotAuthor
from community.subjects import SubjectKind
from core import audit, clock, idempotency, pages
from core.database import inserts
from core.errors import Conflict, Forbidden, NotFound
from core.pages import Connection, Listing, Page
from core.people import Person
from core.personnel import reporting_lines
from core.text import Text
from core.transactions import transaction
from core.writing import is_visible, written

WORDS, ANSWER = 1000, 500  # characters
AT_ONCE = 100

APPEALS = Listing("appeals", "made_at", newest_first=False)


class Appeal(Model):
    id = fields.UUIDField(primary_key=True)
    case_id: UUID = fields.UUIDField(unique=True)
    words = fields.CharField(max_length=WORDS)
    made_at: datetime = fields.DatetimeField()
    granted = fields.BooleanField(null=True, description="null: not decided")
    answer = fields.CharField(max_length=ANSWER, default="", description="to the author")
    decided_at: datetime | None = fields.DatetimeField(null=True, db_index=True)
    decided_by_id: UUID | None = fields.UUIDField(null=True)

    class Meta:
        table = "appeal"
        indexes = (("granted", "made_at", "id"),)


OPEN = pages.Listed(
    f"""WITH RECURSIVE {reporting_lines.LINE}
    SELECT appeal.* FROM {moderation_queue.IMPARTIAL}
    JOIN appeal ON appeal.case_id = moderation_case.id
    WHERE appeal.granted IS NULL AND moderation_case.decided_by_id <> :reader""",
    Appeal,
    APPEALS,
)


class NothingToAppeal(NotFound):
    text = Text(
        "There is no decision here that could be appealed.",
        "这里没有可以申诉的处理决定。",
        "這裡沒有可以申訴的處理決定。",
    )


class TooLateToAppeal(Conflict):
    text = Text("One can appeal within 14 days.", "只能在 14 天内申诉。", "只能在 14 天內申訴。")


class AppealedBefore(Conflict):
    text = Text(
        "You have appealed already. A decision can be appealed once.",
        "您已经申诉过了，每个决定只能申诉一次。",
        "您已經申訴過了，每個決定只能申訴一次。",
    )


class AppealNotFound(NotFound):
    text = Text("This appeal is not here.", "找不到这个申诉。", "找不到這則申訴。")


class OwnVerdict(Forbidden):
    text = Text(
        "Another moderator decides about appeals against your decision.",
        "对您的决定提出的申诉由其他版主处理。",
        "對您的決定提出的申訴由其他版主處理。",
    )


class AppealDecided(Conflict):
    text = Text(
        "Another moderator has decided this appeal.",
        "其他版主已经处理了这个申诉。",
        "其他版主已經處理了這則申訴。",
    )


@transaction
async def appeal(kind: SubjectKind, id: UUID, words: str, *, by: Person, key: str) -> Appeal:
    """Object to what was decided last about one's own words."""
    row, group = await subjects.reached(kind, id, by=by)
    if not authors.wrote(by, row):
        raise NotAuthor
    case = (await verdicts.last([row])).get(row.id)
    if case is None or case.appealable_until is None:
        raise NothingToAppeal
    if case.appealable_until < clock.now():
        raise TooLateToAppeal
    words, appeal_id = written(words, most=WORDS), uuid4()
    asked = ["appeal", case.id, words]
    if (
        first := await idempotency.claim(key, by=by.id, asked=asked, result=appeal_id)
    ) != appeal_id:
        return await Appeal.get(id=first)
    appeal = Appeal(id=appeal_id, case_id=case.id, words=words, made_at=buckets.shown_at(group))
    if not await inserts.added(appeal):
        raise AppealedBefore
    await audit.record("appeal.made", by=None, case=case.id, subject=row.id)
    return appeal


@transaction
async def decide(appeal_id: UUID, answer: str, *, grant: bool, by: Person) -> Appeal:
    """Grant an appeal, which undoes the verdict, or turn it down for good."""
    appeal, matter = await _reached(appeal_id, by)
    if (appeal.decided_by_id, appeal.granted) == (by.id, grant):
        return appeal
    answer = written(answer, most=ANSWER) if is_visible(answer) else ""
    decision = {"decided_at": clock.now(), "decided_by_id": by.id, "answer": answer}
    standing = Appeal.filter(id=appeal.id, granted__isnull=True)
    if not await standing.update(granted=grant, **decision):
        raise AppealDecided
    await (_undo(matter, by) if grant else _confirm(matter.case))
    await moderation_cases.record("appeal.decided", matter, by=by, appeal=appeal.id, granted=grant)
    return await Appeal.get(id=appeal.id)


async def listed(*, to: Person, page: Page) -> Connection[Appeal]:
    """What this moderator may decide, the oldest first."""
    return await OPEN.read(page, **moderation_queue.reader(to))


async def of_cases(case_ids: Sequence[UUID]) -> list[Appeal | None]:
    found = {appeal.case_id: appeal for appeal in await Appeal.filter(case_id__in=case_ids)}
    return [found.get(id) for id in case_ids]


async def execute() -> None:
    """Due work: what was removed goes for good, unless an appeal is still to be decided."""
    waiting = Appeal.filter(granted__isnull=True).values("case_id")
    due = ModerationCase.filter(final_on__lte=clock.business_date())
    for case in await due.exclude(id__in=Subquery(waiting)).limit(AT_ONCE):
        await _execute(case)


@transaction
async def _execute(case: ModerationCase) -> None:
    if await ModerationCase.filter(id=case.id, final_on__isnull=False).update(final_on=None):
        _, row, group = await moderation_cases.matter(case)
        await hidings.take_away(row, group)


async def _reached(appeal_id: UUID, by: Person) -> tuple[Appeal, Matter]:
    appeal = await Appeal.get_or_none(id=appeal_id)
    if appeal is None:
        raise AppealNotFound
    matter = await moderation_queue.reached(appeal.case_id, by=by)
    if matter.case.decided_by_id == by.id:
        raise OwnVerdict
    return appeal, matter


async def _undo(matter: Matter, by: Person) -> None:
    case, row, group = matter
    await reporters.unlearn_right(await reports.accusers(case.id))
    if case.verdict is Verdict.REMOVED:
        await ModerationCase.filter(subject_id=row.id).update(final_on=None)
        await hidings.lift(row, group, HidingReason.REMOVED)
    await suspensions.lift(row, group, by=by)


async def _confirm(case: ModerationCase) -> None:
    """It waits for nothing any more."""
    standing = ModerationCase.filter(id=case.id, final_on__isnull=False)
    await standing.update(final_on=clock.business_date())
