"""Stages: how far a candidate has come; each move stays on record, with why and what comes next."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from core import clock, events, idempotency
from core.errors import Conflict, Forbidden, Invalid
from core.people import Person
from core.text import Text
from core.transactions import transaction
from core.writing import NothingWritten
from referrals import candidates, claims, steps
from referrals.candidates import Candidate, CandidateNotFound, Stage
from referrals.steps import Source, Step

MOVED = ("stage", "stage_moved_at", "erase_on")
PLACE = 160  # characters of where an interview is


@dataclass(frozen=True, slots=True)
class Move:
    """`next_step` is what happens next, and `next_on` when; the interview is told the candidate."""

    stage: Stage
    reason: str = ""
    next_step: str = ""
    next_on: date | None = None
    interview_at: datetime | None = None
    interview_place: str = ""


class WithdrewThemselves(Conflict):
    text = Text(
        "This candidate has withdrawn. Only they can apply again.",
        "这位候选人已自行撤回申请，只有本人可以重新申请。",
        "這位候選人已自行撤回應徵，只有本人可以重新應徵。",
    )


class OwnReferral(Forbidden):
    text = Text(
        "Nobody decides about somebody they brought themselves.",
        "自己推荐的候选人须由其他同事处理。",
        "自己推薦的候選人須由其他同事處理。",
    )


class DeclineNeedsReason(Invalid):
    text = Text(
        "Say why, in a sentence that you could say to their face.",
        "请用一句当面也说得出口的话说明原因。",
        "請用一句當面也說得出口的話說明原因。",
    )


@transaction
async def move(candidate_id: UUID, to: Move, *, by: Person) -> Candidate:
    """Raises CandidateNotFound, OwnReferral, WithdrewThemselves, DeclineNeedsReason."""
    candidate = await held(candidate_id, by=by)
    if candidate.stage is Stage.WITHDRAWN or to.stage is Stage.WITHDRAWN:
        raise WithdrewThemselves
    if to.stage is Stage.DECLINED and not to.reason.strip():
        raise DeclineNeedsReason
    return await _moved(candidate, to, Source.HR, by=by)


@transaction
async def follow(candidate_id: UUID, stage: Stage, source: Source, *, at: datetime) -> bool:
    """Take over what another system says, unless something newer is known; whether it was."""
    candidate = await held(candidate_id)
    if candidate.stage is Stage.WITHDRAWN or not _is_news(candidate, stage, at):
        return False
    at = min(at, clock.now())
    if stage is candidate.stage:
        await Candidate.filter(id=candidate_id).update(stage_moved_at=at)
    else:
        await _moved(candidate, Move(stage), source, at=at)
    return True


@transaction
async def note(candidate_id: UUID, words: str, *, by: Person, key: str) -> Step:
    """Write down what others who look after the candidate should know."""
    candidate = await held(candidate_id, by=by)
    step = steps.begun(candidate, Source.HR, by)
    claimed = await idempotency.claim(
        key, by=by.id, asked=["note", candidate_id, words], result=step.id
    )
    if claimed != step.id:
        return await Step.get(id=claimed)
    if not words.strip():
        raise NothingWritten
    steps.say(step, words, "")
    await step.save(force_create=True)
    return step


async def held(candidate_id: UUID, *, by: Person | None = None) -> Candidate:
    """Until the transaction ends: who move a candidate at once do so one after the other."""
    standing = Candidate.filter(id=candidate_id, erased_at__isnull=True)
    candidate = await standing.select_for_update().first()
    if candidate is None:
        raise CandidateNotFound
    claim = await claims.live(candidate) if by else None
    if by and claim and claim.referrer_id == by.id:
        raise OwnReferral
    return candidate


def _is_news(candidate: Candidate, stage: Stage, at: datetime) -> bool:
    """Of two moves in the same moment the one that leads further is the later one."""
    order = list(Stage).index
    return (at, order(stage)) > (candidate.stage_moved_at, order(candidate.stage))


async def _moved(
    candidate: Candidate,
    to: Move,
    source: Source,
    *,
    by: Person | None = None,
    at: datetime | None = None,
) -> Candidate:
    step = steps.begun(candidate, source, by, at)
    step.stage, step.next_on = to.stage, to.next_on
    steps.say(step, to.reason, to.next_step)
    await step.save(force_create=True)
    if to.interview_at:
        candidate.interview_at = to.interview_at
        candidate.interview_place = to.interview_place.strip()[:PLACE]
    if to.stage is candidate.stage:
        await candidate.save(update_fields=["interview_at", "interview_place"])
        return candidate
    before, candidate.stage, candidate.stage_moved_at = candidate.stage, to.stage, step.at
    candidate.erase_on = candidates.erased_on()
    await candidate.save(update_fields=[*MOVED, "interview_at", "interview_place"])
    await events.record(
        "candidate.moved",
        actor=step.by_id,
        candidate=candidate.id,
        stage=to.stage,
        before=before,
    )
    return candidate
