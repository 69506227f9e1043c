"""Break-glass: how two counsellors together find out who wrote something unseen.

One asks with a reason, a second one decides, and only who asked may look, until it expires. In a
red risk case one may look at once, and the second decides afterwards whether that was right. Every
step stands in the audit trail, those that are refused included.
"""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from tortoise.expressions import Q

from community import authors, care_messages, carelines, seals
from community.breakglass_requests import BreakGlassRequest, Decision, sealed, visible
from community.carelines import Subject, WrittenByName
from community.counsellors import counsels
from core import audit, clock, events, idempotency, people
from core.errors import Conflict, Forbidden
from core.people import Person
from core.text import Text
from core.transactions import transaction
from core.writing import written

WORDS = 500  # characters of a reason or a note
OPEN_FOR = timedelta(hours=24)  # to decide, and from then on to look


class NotForLeaders(Forbidden):
    text = Text(
        "Who leads others, or works for HR, cannot find out who wrote something unseen.",
        "带团队的人和人事都不能查看匿名作者。",
        "帶團隊的人和人事都不能查看匿名作者。",
    )


class SecondNeeded(Forbidden):
    text = Text(
        "Another counsellor has to decide this.",
        "需要另一位咨询师来决定。",
        "需要另一位諮商師來決定。",
    )


class OwnAlias(Forbidden):
    text = Text("This is your own alias.", "这是您自己的化名。", "這是您自己的化名。")


class NotAgreed(Forbidden):
    text = Text(
        "Nobody has agreed to this, or it has expired.",
        "尚未获得同意，或者已经过期。",
        "尚未獲得同意，或者已經過期。",
    )


class RequestDecided(Conflict):
    text = Text(
        "This was decided already, or has expired.",
        "已经有人决定了，或者已经过期。",
        "已經有人決定了，或者已經過期。",
    )


@dataclass(frozen=True, slots=True)
class Grounds:
    """Why; whether telling the author is safe; whether it is for a red risk case."""

    reason: str
    tells_author: bool = True
    is_red: bool = False


async def ask(subject: Subject, grounds: Grounds, *, by: Person, key: str) -> BreakGlassRequest:
    """Ask to learn who wrote this."""
    async with audit.refusals("break_glass.refused", by=by.id, about=subject.id, step="ask"):
        return await _ask(subject, grounds, by, key)


async def decide(id: UUID, *, agreed: bool, note: str, by: Person) -> BreakGlassRequest:
    """As the second counsellor: before the seal is opened, or in a red case after it was."""
    decision = Decision.AGREED if agreed else Decision.DECLINED
    async with audit.refusals("break_glass.refused", by=by.id, about=id, step="decide"):
        return await _decide(id, decision, note, by)


async def open_seal(id: UUID, *, by: Person) -> Person:
    """Who wrote it, for who asked and nobody else."""
    async with audit.refusals("break_glass.refused", by=by.id, about=id, step="open"):
        return await _open(id, by)


@transaction
async def _ask(subject: Subject, grounds: Grounds, by: Person, key: str) -> BreakGlassRequest:
    await _refuse_leaders(by)
    _refuse_own_and_named(subject, by)
    reason, id = written(grounds.reason, most=WORDS), uuid4()
    asked = ["break-glass", subject.id, grounds]
    if (first := await idempotency.claim(key, by=by.id, asked=asked, result=id)) != id:
        return await BreakGlassRequest.get(id=first)
    if not await seals.stands(subject.handle or ""):
        raise seals.SealDestroyed
    request = await BreakGlassRequest.create(
        id=id,
        subject_id=subject.id,
        thread_id=subject.thread.id,
        key_version=subject.thread.key_version,
        handle=subject.handle,
        alias=subject.alias,
        asked_by_id=by.id,
        asked_at=clock.now(),
        reason=sealed(reason, id),
        is_red=grounds.is_red,
        tells_author=grounds.tells_author,
        expires_at=clock.now() + OPEN_FOR,
    )
    await _record("break_glass.asked", request, by)
    return request


@transaction
async def _decide(id: UUID, decision: Decision, note: str, by: Person) -> BreakGlassRequest:
    request = await visible(id, to=by)
    await _refuse_leaders(by)
    if request.asked_by_id == by.id:
        raise SecondNeeded
    now = clock.now()
    undecided = BreakGlassRequest.filter(id=id, decision__isnull=True)
    if not await undecided.filter(Q(expires_at__gt=now) | Q(opened_at__not_isnull=True)).update(
        decision=decision,
        decided_by_id=by.id,
        decided_at=now,
        note=sealed(written(note, most=WORDS), id),
        expires_at=now + OPEN_FOR if decision is Decision.AGREED else now,
    ):
        raise RequestDecided
    await _record(f"break_glass.{decision.lower()}", request, by)
    return await BreakGlassRequest.get(id=id)


@transaction
async def _open(id: UUID, by: Person) -> Person:
    request = await visible(id, to=by)
    await _refuse_leaders(by)
    if request.asked_by_id != by.id:
        raise SecondNeeded
    permitted = Q(decision=Decision.AGREED) | Q(is_red=True, decision__isnull=True)
    may = BreakGlassRequest.filter(permitted, id=id, expires_at__gt=clock.now())
    is_first = await may.filter(opened_at__isnull=True).update(opened_at=clock.now())
    if not is_first and not await may.exists():
        raise NotAgreed
    [person_id] = await seals.opened([request.handle])
    if person_id is None:
        raise seals.SealDestroyed
    if is_first and request.tells_author:
        line = await carelines.line_of(request)
        await care_messages.tell_of_opening(line, by=by)
    await _record("break_glass.opened", request, by)
    [person] = await people.named([person_id])
    return person


async def _refuse_leaders(by: Person) -> None:
    """Who has people to lead could be after one of them, whatever the grants say."""
    if not counsels(by) or await people.leads(by.id):
        raise NotForLeaders


def _refuse_own_and_named(subject: Subject, by: Person) -> None:
    if subject.handle is None:
        raise WrittenByName
    if authors.wrote(by, subject):
        raise OwnAlias


async def _record(name: str, request: BreakGlassRequest, by: Person) -> None:
    """Outbox and audit trail learn of a handle, never of who is behind it."""
    await events.record(name, actor=by.id, request=request.id, is_red=request.is_red)
    await audit.record(
        name,
        by=by.id,
        about=request.id,
        subject=request.subject_id,
        handle=request.handle,
        is_red=request.is_red,
    )
