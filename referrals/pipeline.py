"""The pipeline: where all candidates stand, for HR; moved many at a time, merged where doubled."""

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID, uuid4

from core import audit, clock, idempotency, pages
from core.errors import Conflict, Invalid, Refused
from core.pages import Connection, Listing, Page
from core.people import Person
from core.text import Text
from core.transactions import transaction
from referrals import candidates, claims, erasures, stages
from referrals.candidates import Candidate, Details, Stage
from referrals.claims import ClaimState, Referral
from referrals.stages import Move
from referrals.steps import Step

AT_ONCE = 100
PIPELINE = Listing("pipeline", "stage_moved_at", newest_first=False)

#: After how long HR is reminded of a candidate of whom nothing was heard.
STALE = {
    Stage.APPLIED: timedelta(days=3),
    Stage.SCREENING: timedelta(days=7),
    Stage.INTERVIEW: timedelta(days=7),
    Stage.OFFER: timedelta(days=14),
}


LISTED = pages.Listed(
    """
    SELECT candidate.* FROM candidate WHERE erased_at IS NULL AND stage = ANY(:stages)
    AND (CAST(:opening AS uuid) IS NULL OR opening_id = :opening)
    """,
    Candidate,
    PIPELINE,
)


class Outcome(NamedTuple):
    """What became of one of many moves: the candidate, or why not."""

    candidate_id: UUID
    candidate: Candidate | None
    refused: Refused | None


class Moved(NamedTuple):
    outcomes: Sequence[Outcome]


class TooManyMoves(Invalid):
    text = Text(
        "Move at most {most} candidates at once.",
        "一次最多移动 {most} 位候选人。",
        "一次最多移動 {most} 位候選人。",
    )


class SameCandidate(Invalid):
    text = Text("This is one and the same application.", "这是同一份申请。", "這是同一份應徵資料。")


class HiredAlready(Conflict):
    text = Text(
        "Who was hired cannot be merged into another candidate.",
        "已录用的候选人不能并入其他候选人。",
        "已錄用的候選人不能併入其他候選人。",
    )


async def listed(
    *, page: Page, stage: Stage | None = None, opening_id: UUID | None = None
) -> Connection[Candidate]:
    """Those of a stage, or all of whom HR has something to decide; longest unmoved first."""
    wanted = {"stages": [stage] if stage else [*STALE], "opening": opening_id}
    return await LISTED.read(page, **wanted)


@transaction
async def move_all(moves: Sequence[tuple[UUID, Move]], *, by: Person, key: str) -> Moved:
    """Each for itself: what is refused of one keeps no other from moving. Raises TooManyMoves."""
    if len(moves) > AT_ONCE:
        raise TooManyMoves(most=AT_ONCE)
    run = uuid4()
    if await idempotency.claim(key, by=by.id, asked=["moves", moves], result=run) != run:
        return Moved(await _standing([id for id, _ in moves]))
    in_order = sorted(enumerate(moves), key=lambda one: one[1][0])  # as whoever else holds several
    outcomes = {n: await _outcome(id, move, by) for n, (id, move) in in_order}
    return Moved([outcomes[n] for n in range(len(moves))])


async def merge(candidate_id: UUID, duplicate_id: UUID, *, by: Person) -> Candidate:
    """Make two applications of one person one: notes go along, whoever brought them first has
    brought them, and the other one is erased. Raises SameCandidate, HiredAlready.
    """
    kept, duplicate = await _merge(candidate_id, duplicate_id, by=by)
    await erasures.erase(duplicate)
    return kept


async def details(rows: Sequence[Candidate], *, viewer: Person) -> list[Details | None]:
    return await candidates.read(rows, by=viewer)


async def overdue(rows: Sequence[Candidate]) -> list[bool]:
    """Whether nothing was heard of each for longer than it should take."""
    now = clock.now()
    return [row.stage in STALE and row.stage_moved_at < now - STALE[row.stage] for row in rows]


async def referrers(rows: Sequence[Candidate]) -> list[UUID | None]:
    """Who has brought each, as it stands, for whatever job that was."""
    live = Referral.filter(phone_hash__in=[row.phone_hash for row in rows], state=ClaimState.LIVE)
    found = dict(await live.values_list("phone_hash", "referrer_id"))
    return [found.get(row.phone_hash) for row in rows]


@transaction
async def _merge(
    candidate_id: UUID, duplicate_id: UUID, *, by: Person
) -> tuple[Candidate, Candidate]:
    if candidate_id == duplicate_id:
        raise SameCandidate
    both = {id: await stages.held(id, by=by) for id in sorted((candidate_id, duplicate_id))}
    kept, duplicate = both[candidate_id], both[duplicate_id]
    if duplicate.stage is Stage.HIRED:
        raise HiredAlready
    await Step.filter(candidate_id=duplicate.id).update(candidate_id=kept.id)
    await _settle_claims(kept, duplicate)
    await _hand_over_reference(duplicate, kept)
    await audit.record("candidates.merged", by=by.id, about=kept.id, duplicate=duplicate.id)
    return kept, duplicate


async def _hand_over_reference(duplicate: Candidate, kept: Candidate) -> None:
    await Candidate.filter(id=duplicate.id).update(reference=None)
    nameless = Candidate.filter(id=kept.id, reference__isnull=True)
    await nameless.update(reference=duplicate.reference)


async def _outcome(candidate_id: UUID, move: Move, by: Person) -> Outcome:
    try:
        return Outcome(candidate_id, await stages.move(candidate_id, move, by=by), None)
    except Refused as refused:
        return Outcome(candidate_id, None, refused)


async def _standing(candidate_ids: Sequence[UUID]) -> list[Outcome]:
    """What a repeated request hears: how they stand since."""
    found = await Candidate.filter(id__in=candidate_ids).in_bulk(candidate_ids, "id")
    return [Outcome(id, found.get(id), None) for id in candidate_ids]


async def _settle_claims(kept: Candidate, duplicate: Candidate) -> None:
    ours, theirs = await claims.live(kept), await claims.live(duplicate)
    if theirs is None:
        return
    if ours and ours.id != theirs.id:
        is_first = theirs.claimed_at < ours.claimed_at
        late = ours if is_first else theirs
        await Referral.filter(id=late.id).update(state=ClaimState.TAKEN)
        if not is_first:
            return
    await _hand_over(theirs, kept)


async def _hand_over(claim: Referral, kept: Candidate) -> None:
    """If the same colleague brought them both ways, the earlier way counts."""
    now = {"candidate_id": kept.id, "phone_hash": kept.phone_hash}
    said = Referral.filter(candidate_id=kept.id, referrer_id=claim.referrer_id)
    own = said.exclude(id=claim.id)
    if await own.exists():
        await Referral.filter(id=claim.id).update(state=ClaimState.ENDED)
        again = {"state": ClaimState.LIVE, "refusal": None, "claimed_at": claim.claimed_at}
        await own.update(**again, **now)
    else:
        await Referral.filter(id=claim.id).update(**now)
