"""Risk care: what counsellors do about a case, each step whole or not at all."""

from uuid import UUID, uuid4

from tortoise.queryset import QuerySet

from community import counsellors, hidings, risk_cases, risk_matters, risk_steps
from community.hiding_reasons import HidingReason
from community.risk_cases import Outcome, RiskCase
from community.risk_steps import RiskStep, StepKind
from community.risk_words import Level
from core import clock, idempotency
from core.errors import Conflict, Forbidden, Refused
from core.people import Person
from core.text import Text
from core.transactions import transaction
from core.writing import written

WORDS = 2000  # characters


class CaseTaken(Conflict):
    text = Text(
        "Another counsellor takes care of this already.",
        "已有其他辅导员在处理。",
        "已有其他輔導員在處理。",
    )


class CaseClosed(Conflict):
    text = Text("This case is closed.", "该个案已结案。", "該個案已結案。")


class NotHolder(Forbidden):
    text = Text(
        "Take care of this case first.",
        "请先接手该个案。",
        "請先接手該個案。",
    )


class StillHeldBack(Conflict):
    text = Text(
        "Release what was written first; its author waits for it to appear.",
        "请先放行这条内容，作者在等它显示出来。",
        "請先放行這則內容，作者在等它顯示出來。",
    )


class SameLevel(Conflict):
    text = Text("It has this level already.", "已经是这个级别了。", "已經是這個級別了。")


class NotTheirs(Forbidden):
    text = Text(
        "This case cannot go to this person.",
        "该个案不能交给此人。",
        "該個案不能交給此人。",
    )


@transaction
async def acknowledge(case_id: UUID, *, by: Person) -> RiskCase:
    """Take care of a case; of two who do so at once, one does."""
    case = await risk_cases.visible(case_id, to=by)
    free = RiskCase.filter(id=case.id, holder_id__isnull=True, closed_at__isnull=True)
    if await free.update(holder_id=by.id, acknowledged_at=clock.now(), escalates_at=None):
        return await _done(StepKind.ACKNOWLEDGED, case, by)
    case = await RiskCase.get(id=case.id)
    if case.closed_at:
        raise CaseClosed
    if case.holder_id != by.id:
        raise CaseTaken
    return case


@transaction
async def note(case_id: UUID, words: str, *, by: Person, key: str) -> RiskStep:
    """Write down what was learnt or done."""
    case = await risk_cases.visible(case_id, to=by)
    words, id = written(words, most=WORDS), uuid4()
    asked = ["risk_note", case_id, words]
    if (first := await idempotency.claim(key, by=by.id, asked=asked, result=id)) != id:
        return await RiskStep.get(id=first)
    return await risk_steps.record(StepKind.NOTED, case, by_id=by.id, words=words, id=id)


@transaction
async def hand_over(case_id: UUID, to_id: UUID, words: str, *, by: Person) -> RiskCase:
    """Give a case to another counsellor, who has to acknowledge it by a deadline of its own."""
    case = await risk_cases.visible(case_id, to=by)
    other = await counsellors.found(to_id)
    if other.id == by.id or not await risk_cases.impartial(case, [other]):
        raise NotTheirs
    deadline = clock.now() + risk_cases.period(case.level)
    if not await _held(case, by).update(
        holder_id=None,
        acknowledged_at=None,
        called_id=other.id,
        acknowledge_by=deadline,
        escalates_at=deadline,
        escalations=0,
    ):
        raise await _refusal(case)
    case = await _done(StepKind.HANDED_OVER, case, by, written(words, most=WORDS))
    await risk_cases.tell("risk_case.handed_over", case, is_urgent=case.level is not Level.GREEN)
    return case


@transaction
async def set_level(case_id: UUID, level: Level, reason: str, *, by: Person) -> RiskCase:
    """Raise or lower a case; while nobody takes care of it its deadline follows."""
    case, reason = await risk_cases.visible(case_id, to=by), written(reason, most=WORDS)
    standing = RiskCase.filter(id=case.id, closed_at__isnull=True, level=case.level)
    if level is case.level or not await standing.update(level=level):
        raise await _refusal(case, SameLevel)
    deadline = clock.now() + risk_cases.period(level)
    waiting = RiskCase.filter(id=case.id, holder_id__isnull=True, escalations=0)
    raised = level.rank > case.level.rank
    if raised:
        waiting = waiting.filter(acknowledge_by__gt=deadline)
    await waiting.update(acknowledge_by=deadline, escalates_at=deadline)
    case = await _done(StepKind.RAISED if raised else StepKind.LOWERED, case, by, reason)
    if raised and case.holder_id is None:
        await risk_cases.tell("risk_case.raised", case, is_urgent=True)
    return case


@transaction
async def release(case_id: UUID, *, by: Person) -> RiskCase:
    """Let others see what was held back."""
    case = await risk_cases.visible(case_id, to=by)
    if await _held(case, by).filter(is_holding=True).update(is_holding=False):
        if matter := await risk_matters.of(case):
            await hidings.lift(*matter, HidingReason.HELD)
        return await _done(StepKind.RELEASED, case, by)
    if case.holder_id != by.id or case.closed_at:
        raise await _refusal(case)
    return case


@transaction
async def close(case_id: UUID, outcome: Outcome, words: str, *, by: Person) -> RiskCase:
    """Say what came of it."""
    case, words = await risk_cases.visible(case_id, to=by), written(words, most=WORDS)
    await _let_go(case)
    standing = _held(case, by).filter(is_holding=False)
    if not await standing.update(
        closed_at=clock.now(), outcome=outcome, open_for=None, escalates_at=None
    ):
        raise await _refusal(case, StillHeldBack if case.holder_id == by.id else NotHolder)
    return await _done(StepKind.CLOSED, case, by, words)


def _held(case: RiskCase, by: Person) -> QuerySet[RiskCase]:
    return RiskCase.filter(id=case.id, holder_id=by.id, closed_at__isnull=True)


async def _refusal(case: RiskCase, otherwise: type[Refused] = NotHolder) -> Refused:
    """Why a step could not be taken, as the case stands now."""
    now = await RiskCase.get(id=case.id)
    return CaseClosed() if now.closed_at else otherwise()


async def _let_go(case: RiskCase) -> None:
    """What its author has deleted waits for nobody any more."""
    if case.is_holding and await risk_matters.of(case) is None:
        await RiskCase.filter(id=case.id).update(is_holding=False)


async def _done(kind: StepKind, case: RiskCase, by: Person, words: str = "") -> RiskCase:
    case = await RiskCase.get(id=case.id)
    await risk_steps.record(kind, case, by_id=by.id, words=words)
    return case
