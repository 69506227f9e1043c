"""Verdicts: what a moderator decides about a case, carried out and told to the author."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from community import (
    authors,
    hidings,
    moderation_cases,
    moderation_queue,
    reporters,
    reports,
)
from community.hiding_reasons import HidingReason
from community.moderation_cases import APPEALABLE, Matter, ModerationCase, ReportReason, Verdict
from community.subjects import Subject
from core import clock
from core.errors import Conflict, Invalid
from core.people import Person
from core.text import Text
from core.transactions import transaction
from core.writing import is_visible, written

WORDS = 500  # characters
TOLD = (Verdict.WARNED, Verdict.REMOVED)


@dataclass(frozen=True, slots=True)
class Decision:
    """What a moderator says: the reason and the words are for the author."""

    verdict: Verdict
    reason: ReportReason | None = None
    words: str = ""


class AlreadyDecided(Conflict):
    text = Text(
        "Another moderator has decided this.", "其他版主已经处理了。", "其他版主已經處理了。"
    )


class ReasonNeeded(Invalid):
    text = Text(
        "Tell the author what is wrong with it.",
        "请告诉作者问题出在哪里。",
        "請告訴作者問題出在哪裡。",
    )


@transaction
async def decide(case_id: UUID, decision: Decision, *, by: Person) -> ModerationCase:
    """Decide a case and with it all its reports. Raises AlreadyDecided if somebody was faster."""
    case, row, group = await moderation_queue.reached(case_id, by=by)
    blames = decision.verdict is not Verdict.DISMISSED
    if blames and decision.reason in {None, ReportReason.DANGER}:
        raise ReasonNeeded
    if (case.decided_by_id, case.verdict) == (by.id, decision.verdict):
        return case
    matter = Matter(await _settled(case, decision, by), row, group)
    await reporters.learn(await reports.accusers(case.id), right=blames)
    await _carry_out(matter)
    facts = {"verdict": decision.verdict, "reason": decision.reason, "hides": case.hides}
    await moderation_cases.record("moderation.decided", matter, by=by, **facts)
    return matter.case


async def last(rows: Sequence[Subject]) -> dict[UUID, ModerationCase]:
    """What was decided last about each and told to its author."""
    decided = ModerationCase.filter(subject_id__in=[row.id for row in rows], verdict__in=TOLD)
    return {case.subject_id: case for case in await decided.order_by("decided_at")}


async def of_author(rows: Sequence[Subject], *, viewer: Person) -> list[ModerationCase | None]:
    """What was decided about each of the viewer's own words; None about those of others."""
    own = [row for row in rows if authors.wrote(viewer, row)]
    told = await last(own) if own else {}
    return [told.get(row.id) for row in rows]


async def _settled(case: ModerationCase, decision: Decision, by: Person) -> ModerationCase:
    removed = decision.verdict is Verdict.REMOVED
    standing = ModerationCase.filter(id=case.id, verdict__isnull=True)
    settled = await standing.update(
        open_for=None,
        verdict=decision.verdict,
        reason=decision.reason,
        words=written(decision.words, most=WORDS) if is_visible(decision.words) else "",
        decided_at=clock.now(),
        decided_by_id=by.id,
        final_on=clock.business_date() + APPEALABLE if removed else None,
    )
    if not settled:
        raise AlreadyDecided
    return await ModerationCase.get(id=case.id)


async def _carry_out(matter: Matter) -> None:
    case, row, group = matter
    if case.verdict is Verdict.REMOVED:
        await hidings.hide(row, group, HidingReason.REMOVED)
    if case.hides:
        await hidings.lift(row, group, HidingReason.REPORTED)
