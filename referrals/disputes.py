"""Disputes: a colleague who came second says why the candidate is theirs, and HR decides."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from core import audit, clock, events, idempotency, pages
from core.crypto import sealing
from core.crypto.resealing import Sealed
from core.database import inserts, sql
from core.errors import Conflict, Forbidden, NotFound
from core.pages import Connection, Listing, Page
from core.people import Person
from core.text import Text
from core.transactions import transaction
from core.writing import written
from referrals import claims, milestones
from referrals.candidates import Candidate
from referrals.claims import ClaimState, Referral

WORDS, ANSWER = 1000, 500  # characters

DISPUTABLE = {ClaimState.TAKEN, ClaimState.REFUSED, ClaimState.LAPSED}

DISPUTES = Listing("disputes", "made_at", newest_first=False)


class Dispute(Model):
    id = fields.UUIDField(primary_key=True)
    referral_id: UUID = fields.UUIDField(unique=True)
    sealed: bytes | None = fields.BinaryField(
        null=True, description="what shows it; it may name the candidate and goes with them"
    )
    made_at: datetime = fields.DatetimeField()
    decided_by_id: UUID | None = fields.UUIDField(null=True)
    decided_at: datetime | None = fields.DatetimeField(null=True)
    granted = fields.BooleanField(null=True)
    answer: str | None = fields.TextField(null=True)

    class Meta:
        table = "referral_dispute"
        indexes = (("decided_at", "made_at", "id"),)

    @property
    def words(self) -> str | None:
        if self.sealed is None:
            return None
        return sealing.opened("candidate", self.sealed, bound_to=self.id.bytes).decode()


SEALED = Sealed(Dispute, "sealed", "candidate", lambda dispute: dispute.id.bytes)


WAITING = pages.Listed(
    "SELECT referral_dispute.* FROM referral_dispute WHERE decided_at IS NULL", Dispute, DISPUTES
)


class DisputeNotFound(NotFound):
    text = Text("This dispute is not here.", "找不到这条异议。", "找不到這筆異議。")


class NothingToDispute(Conflict):
    text = Text(
        "There is nothing to decide about this referral.",
        "这条推荐没有可以提出异议的地方。",
        "這筆推薦沒有可以提出異議的地方。",
    )


class DisputedAlready(Conflict):
    text = Text(
        "You have said so already. HR will answer.",
        "您已提出异议，请等待人事答复。",
        "您已提出異議，請等待人事答覆。",
    )


class DisputeDecided(Conflict):
    text = Text(
        "This was decided already, or cannot be decided any more.",
        "这条异议已有结论，或已无法处理。",
        "這筆異議已有結論，或已無法處理。",
    )


class OwnDispute(Forbidden):
    text = Text(
        "Nobody decides about their own referrals.",
        "不能处理与自己有关的推荐。",
        "不能處理與自己有關的推薦。",
    )


@transaction
async def dispute(referral_id: UUID, words: str, *, by: Person, key: str) -> Referral:
    """Raises ReferralNotFound, NothingToDispute, DisputedAlready."""
    referral, id = await claims.own(referral_id, of=by), uuid4()
    said = written(words, most=WORDS)
    asked = ["dispute", referral_id, said]
    if await idempotency.claim(key, by=by.id, asked=asked, result=id) != id:
        return referral
    if not await _may_change(referral):
        raise NothingToDispute
    sealed = sealing.closed("candidate", said.encode(), bound_to=id.bytes)
    made = Dispute(id=id, referral_id=referral_id, sealed=sealed, made_at=clock.now())
    if not await inserts.added(made):
        raise DisputedAlready
    await events.record("dispute.made", actor=by.id, dispute=id, referral=referral_id)
    return referral


@transaction
async def decide(dispute_id: UUID, *, grant: bool, answer: str, by: Person) -> Dispute:
    """Raises DisputeNotFound, OwnDispute, DisputeDecided."""
    dispute = await Dispute.get_or_none(id=dispute_id)
    if dispute is None:
        raise DisputeNotFound
    [referral], [rival] = (
        await referrals([dispute.referral_id]),
        await standing([dispute.referral_id]),
    )
    if by.id in {referral.referrer_id, rival and rival.referrer_id}:
        raise OwnDispute
    now = {"granted": grant, "answer": written(answer, most=ANSWER), "decided_at": clock.now()}
    undecided = Dispute.filter(id=dispute_id, decided_at__isnull=True)
    if not await undecided.update(**now, decided_by_id=by.id):
        raise DisputeDecided
    if grant:
        await _hand_over(referral, rival)
    await _told(referral, rival, dispute_id, grant=grant, by=by)
    return await Dispute.get(id=dispute_id)


async def waiting(*, page: Page) -> Connection[Dispute]:
    return await WAITING.read(page)


async def of(referral_ids: Sequence[UUID]) -> list[Dispute | None]:
    found = {row.referral_id: row for row in await Dispute.filter(referral_id__in=referral_ids)}
    return [found.get(id) for id in referral_ids]


async def is_granted(referral_id: UUID) -> bool:
    return await Dispute.filter(referral_id=referral_id, granted=True).exists()


async def referrals(referral_ids: Sequence[UUID]) -> list[Referral]:
    found = await sql.in_bulk(Referral, referral_ids)
    return [found[id] for id in referral_ids]


async def standing(referral_ids: Sequence[UUID]) -> list[Referral | None]:
    """The claim that stands beside each, if one does."""
    disputed = await claims.candidates(await referrals(referral_ids))
    hashes = [candidate.phone_hash for candidate in disputed]
    live = Referral.filter(phone_hash__in=[*filter(None, hashes)], state=ClaimState.LIVE)
    found = {claim.phone_hash: claim for claim in await live}
    return [found.get(hash) for hash in hashes]


async def _may_change(referral: Referral) -> bool:
    """Whether it is in nobody's hands, or another's, and nothing was paid for it yet."""
    open_ = referral.state in DISPUTABLE
    [candidate] = await claims.candidates([referral])
    return open_ and candidate.erased_at is None and not await milestones.paid(candidate)


async def _hand_over(referral: Referral, rival: Referral | None) -> None:
    """First the one goes, then the other comes: there is never more than one."""
    candidate = await Candidate.filter(id=referral.candidate_id).select_for_update().get()
    if candidate.phone_hash is None or not await _may_change(referral):
        raise DisputeDecided
    if rival and not await _moved(rival, ClaimState.LOST):
        raise DisputeDecided
    await Referral.filter(id=referral.id).update(
        state=ClaimState.LIVE, refusal=None, phone_hash=candidate.phone_hash
    )


async def _moved(referral: Referral, state: ClaimState) -> bool:
    return bool(await Referral.filter(id=referral.id, state=referral.state).update(state=state))


async def _told(
    referral: Referral, rival: Referral | None, dispute_id: UUID, *, grant: bool, by: Person
) -> None:
    await events.record(
        "dispute.decided",
        actor=by.id,
        dispute=dispute_id,
        referral=referral.id,
        candidate=referral.candidate_id,
        granted=grant,
        referrer=referral.referrer_id,
        rival=rival.referrer_id if rival else None,
    )
    await audit.record("dispute.decided", by=by.id, about=referral.candidate_id, granted=grant)
