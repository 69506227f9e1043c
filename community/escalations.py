"""Escalations: what nobody acknowledged in time goes to the next on the rota, then to all."""

from community import risk_cases, risk_steps, rotas
from community.risk_cases import RiskCase
from community.risk_steps import StepKind
from community.risk_words import Level
from core import clock
from core.people import Person
from core.transactions import transaction

AT_ONCE = 100
TO_ALL = 2  # escalations, after which every counsellor was told


async def escalate() -> int:
    """Due work: how many cases were passed on; each step is taken once, whoever is at it."""
    due = RiskCase.filter(escalates_at__lte=clock.now())
    cases = await due.order_by("escalates_at", "id").limit(AT_ONCE)
    return sum([await _escalate(case) for case in cases])


@transaction
async def _escalate(case: RiskCase) -> bool:
    following = await _next(case) if case.escalations + 1 < TO_ALL else None
    again = clock.now() + risk_cases.period(case.level) if following else None
    standing = RiskCase.filter(id=case.id, escalations=case.escalations)
    if not await standing.filter(escalates_at=case.escalates_at).update(
        escalations=case.escalations + 1 if following else TO_ALL,
        called_id=following.id if following else None,
        escalates_at=again,
    ):
        return False
    case = await RiskCase.get(id=case.id)
    await risk_steps.record(StepKind.ESCALATED, case)
    await risk_cases.tell("risk_case.overdue", case, is_urgent=case.level is not Level.GREEN)
    return True


async def _next(case: RiskCase) -> Person | None:
    """Who comes after whose turn it was; nobody if all were told already."""
    order = await risk_cases.impartial(case, (await rotas.current()).order)
    others = [one for one in order if one.id != case.called_id]
    return others[0] if others and case.called_id else None
