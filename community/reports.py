"""Reports: somebody says that a post or a comment should not stand as it is."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from community import authors, buckets, hidings, moderation_cases, reporters, revisions, subjects
from community.hiding_reasons import HidingReason
from community.moderation_cases import Matter, ModerationCase, ReportReason
from community.reactions import OwnWords
from community.subjects import Subject, SubjectKind
from core import audit, events, idempotency, quotas
from core.crypto import sealing
from core.crypto.resealing import Sealed
from core.database import inserts
from core.errors import Conflict
from core.people import Person
from core.text import Language, Text
from core.transactions import transaction
from core.writing import is_visible, written

WORDS = 500  # characters
SHOWN = 50  # of one case

LABELS = {
    ReportReason.INSULT: Text("It insults or threatens", "辱骂或威胁他人", "辱罵或威脅他人"),
    ReportReason.PRIVATE_DATA: Text(
        "It gives away somebody's data", "泄露他人隐私", "洩漏他人個資"
    ),
    ReportReason.SPAM: Text("Spam or advertising", "垃圾信息或广告", "垃圾訊息或廣告"),
    ReportReason.OFF_TOPIC: Text("It does not belong here", "与本群组无关", "與本群組無關"),
    ReportReason.DANGER: Text("I am worried about the person", "我担心这个人", "我擔心這個人"),
    ReportReason.OTHER: Text("Something else", "其他", "其他"),
}


class Report(Model):
    id = fields.UUIDField(primary_key=True)
    case: fields.ForeignKeyRelation[ModerationCase] = fields.ForeignKeyField(
        "models.ModerationCase"
    )
    case_id: UUID
    reporter = fields.CharField(max_length=64, description="their mark, as in reporters")
    reason = fields.CharEnumField(ReportReason, max_length=20)
    words = fields.CharField(max_length=WORDS, default="")
    weight = fields.IntField(description="thousandths")
    reported_at: datetime = fields.DatetimeField()
    sealed: bytes | None = fields.BinaryField(
        null=True, description="who is to be told what came of it, until they were"
    )

    class Meta:
        table = "report"
        unique_together = ("case", "reporter")
        indexes = (("reporter",),)


SEALED = Sealed(Report, "sealed", "notice", lambda report: report.id.bytes)


class Choice(NamedTuple):
    """A reason and how it is put to people."""

    reason: ReportReason
    label: str


class Charge(NamedTuple):
    """What is said to be wrong."""

    reason: ReportReason
    words: str = ""


class LookedAtAlready(Conflict):
    text = Text(
        "A moderator has looked at this. Thank you for speaking up.",
        "版主已经处理过这条内容了，谢谢您的反馈。",
        "版主已經處理過這則內容了，謝謝您的回報。",
    )


@transaction
async def report(kind: SubjectKind, id: UUID, charge: Charge, *, by: Person, key: str) -> Report:
    """Report what somebody else wrote; while it is not decided, saying it again changes nothing."""
    row, group = await subjects.reached(kind, id, by=by)
    if authors.wrote(by, row):
        raise OwnWords
    words = written(charge.words, most=WORDS) if is_visible(charge.words) else ""
    new, asked = uuid4(), ["report", id, charge]
    if (first := await idempotency.claim(key, by=by.id, asked=asked, result=new)) != new:
        return await Report.get(id=first)
    mark = reporters.mark(by)
    await _refuse_again(row, mark)
    case = await moderation_cases.held(row, group)
    report = Report(
        id=new,
        case_id=case.id,
        reporter=mark,
        reason=charge.reason,
        words=words,
        weight=0 if charge.reason is ReportReason.DANGER else await reporters.weight(mark),
        reported_at=buckets.shown_at(group),
        sealed=_hears(by, charge, new),
    )
    if not await inserts.added(report):
        return await Report.get(case_id=case.id, reporter=mark)
    await quotas.spend("reports", by=by)
    await _count(report, Matter(case, row, group))
    return report


def choices(language: Language) -> list[Choice]:
    return [Choice(reason, label.to(language)) for reason, label in LABELS.items()]


async def of_cases(case_ids: Sequence[UUID]) -> list[list[Report]]:
    """What was said about each, in the order in which it was; of many the first."""
    found: defaultdict[UUID, list[Report]] = defaultdict(list)
    for report in await Report.filter(case_id__in=case_ids).order_by("reported_at", "id"):
        found[report.case_id].append(report)
    return [found[id][:SHOWN] for id in case_ids]


async def accusers(case_id: UUID) -> list[str]:
    """The marks of those whose reports weigh: of who blames, not of who worries."""
    blaming = Report.filter(case_id=case_id).exclude(reason=ReportReason.DANGER)
    return await blaming.order_by("reporter").values_list("reporter", flat=True)  # type: ignore[return-value]  # a flat list


def _hears(by: Person, charge: Charge, id: UUID) -> bytes | None:
    """Who worries is not told: what counsellors do is between them and whom it is about."""
    if charge.reason is ReportReason.DANGER:
        return None
    return sealing.closed("notice", by.id.bytes, bound_to=id.bytes)


async def _refuse_again(row: Subject, mark: str) -> None:
    """What a moderator decided about may be reported by others, or once the words have changed."""
    decided = Report.filter(reporter=mark, case__subject_id=row.id, case__verdict__isnull=False)
    last = await decided.order_by("-case__decided_at").first().values_list("case__decided_at")
    if last and not await revisions.changed(row.id, since=last[0]):
        raise LookedAtAlready


async def _count(report: Report, matter: Matter) -> None:
    case, row, group = matter
    facts: dict[str, Any] = {"case": case.id, "subject": row.id, "reason": report.reason}
    await audit.record("moderation.reported", by=None, **facts)
    if report.reason is ReportReason.DANGER:
        await events.record(
            "report.danger",
            report=report.id,
            post=subjects.post_id(row),
            group=group.id,
            group_kind=group.kind,
            **facts,
        )
    hides = await moderation_cases.add_weight(case, report.weight)
    if hides and await hidings.hide(row, group, HidingReason.REPORTED):
        await moderation_cases.record("moderation.hidden", matter, by=None)
