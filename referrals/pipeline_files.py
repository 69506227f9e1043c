"""The pipeline in files: all candidates of a job, or of all, by links that hold for minutes."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple, cast, get_args
from uuid import UUID

from tortoise.queryset import QuerySet

from core import audit, clock, settings
from core.crypto import signing
from core.database import sql
from core.errors import Conflict, NotFound
from core.people import Person
from core.sheets import workbooks, written
from core.sheets.workbooks import Cell, Sheet
from core.text import Language, Text
from core.transactions import transaction
from referrals import openings
from referrals.candidates import Candidate, Stage
from referrals.openings import Opening

OPEN_FOR = timedelta(minutes=10)
MOST = 20_000  # rows
AT_ONCE = 500
ALL = "all"
CSV = "text/csv; charset=utf-8"

HEADER = [
    Text("Candidate", "候选人编号", "候選人編號"),
    Text("Name", "姓名", "姓名"),
    Text("Job", "职位", "職缺"),
    Text("Stage", "阶段", "階段"),
    Text("Since", "阶段起始", "階段起始"),
    Text("Applied", "申请时间", "應徵時間"),
]
STAGES = {
    Stage.APPLIED: Text("Applied", "已申请", "已應徵"),
    Stage.SCREENING: Text("Screening", "筛选", "篩選"),
    Stage.INTERVIEW: Text("Interview", "面试", "面試"),
    Stage.OFFER: Text("Offer", "录用意向", "錄取意向"),
    Stage.HIRED: Text("Hired", "已录用", "已錄用"),
    Stage.DECLINED: Text("Declined", "未录用", "未錄用"),
    Stage.WITHDRAWN: Text("Withdrawn", "已撤回", "已撤回"),
}


class PipelineExport(NamedTuple):
    sheet_url: str
    csv_url: str


class NoSuchExport(NotFound):
    text = Text("There is no such export.", "没有这份导出。", "沒有這份匯出。")


class TooManyToExport(Conflict):
    text = Text(
        "These are {amount} candidates, and a file takes {most}. Export one job at a time.",
        "共有 {amount} 位候选人，一个文件最多 {most} 位。请按职位分别导出。",
        "共有 {amount} 位候選人，一個檔案最多 {most} 位。請依職缺分別匯出。",
    )


@transaction
async def export(*, by: Person, language: Language, opening_id: UUID | None) -> PipelineExport:
    """Whoever takes names along is recorded when they ask for it. Raises OpeningNotFound,
    TooManyToExport.
    """
    if opening_id:
        await openings.visible(opening_id, to=by)
    if (amount := await _kept(opening_id).count()) > MOST:
        raise TooManyToExport(amount=amount, most=MOST)
    await audit.record("candidates.exported", by=by.id, about=opening_id)
    place = f"/pipeline/{language}/{opening_id.hex if opening_id else ALL}"
    return PipelineExport(_signed(f"{place}.xlsx"), _signed(f"{place}.csv"))


async def made(language: str, name: str) -> tuple[bytes, str]:
    """The file and its media type. Raises NoSuchExport."""
    which, _, kind = name.rpartition(".")
    if language not in get_args(Language) or kind not in {"xlsx", "csv"}:
        raise NoSuchExport
    told_in = cast("Language", language)
    header = [text.to(told_in) for text in HEADER]
    rows = await _rows(None if which == ALL else UUID(hex=which), told_in)
    if kind == "xlsx":
        book = await asyncio.to_thread(workbooks.written, [Sheet(header[0], header, rows)])
        return book, workbooks.MEDIA_TYPE
    lines = [[str(cell) if cell is not None else "" for cell in row] for row in rows]
    return written.sheet([header, *lines]).encode(), CSV


def _kept(opening_id: UUID | None) -> QuerySet[Candidate]:
    kept = Candidate.filter(erased_at__isnull=True, erase_on__gt=clock.business_date())
    return kept.filter(opening_id=opening_id) if opening_id else kept


async def _rows(opening_id: UUID | None, language: Language) -> list[Sequence[Cell]]:
    """Some at a time, so that others are served in between."""
    in_order = _kept(opening_id).order_by("applied_at", "id")
    ids: list[UUID] = [id for (id,) in await in_order.values_list("id")]
    rows: list[Sequence[Cell]] = []
    for first in range(0, len(ids), AT_ONCE):
        some = await sql.in_bulk(Candidate, ids[first : first + AT_ONCE])
        found = [some[id] for id in ids[first : first + AT_ONCE] if id in some]
        jobs = await openings.by_id([one.opening_id for one in found])
        rows += [_row(one, job, language) for one, job in zip(found, jobs, strict=True)]
    return rows


def _row(one: Candidate, job: Opening, language: Language) -> Sequence[Cell]:
    details = one.details
    return [
        f"candidate_{one.id.hex}",
        details.name if details else None,
        job.title,
        STAGES[one.stage].to(language),
        clock.business_date(one.stage_moved_at),
        clock.business_date(one.applied_at),
    ]


def _signed(path: str) -> str:
    signed = signing.sign(path, expires=clock.now() + OPEN_FOR)
    return f"{settings.current().public_url}{path}?{signed}"
