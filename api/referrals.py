"""Referrals: whom one brought, and what becomes of it."""

from datetime import date, datetime
from uuid import UUID

import strawberry

from api.connections import Connection
from api.openings import Opening, ReferralPoints
from api.people import Person as Colleague
from api.roots import mutation, payload, query
from api.views import ROW, Node, batch, view
from core import people
from core.pages import Connection as Rows
from core.pages import Page
from core.people import Person
from referrals import claims, disputes, timelines
from referrals.bars import ClaimRefusal
from referrals.candidates import CoarseStage
from referrals.claims import ClaimState
from referrals.milestones import MilestoneKind
from referrals.timelines import Moment

strawberry.enum(ClaimState)
strawberry.enum(ClaimRefusal)
strawberry.enum(CoarseStage)
strawberry.enum(MilestoneKind)
strawberry.enum(Moment, name="ReferralMoment")


@view(claims.Referral)
class DisputedReferral:
    """A claim as HR sees it, beside the one that stands."""

    state: ClaimState
    refusal: ClaimRefusal | None
    claimed_at: datetime
    owned_until: date
    referrer: Colleague | None = batch(people.by_id, key="referrer_id")


@view(disputes.Dispute)
class ReferralDispute(Node):
    """A colleague says that a candidate was theirs; HR decides."""

    words: str | None
    made_at: datetime
    decided_at: datetime | None
    granted: bool | None
    answer: str | None
    referral: DisputedReferral = batch(disputes.referrals, key="referral_id")
    standing: DisputedReferral | None = batch(disputes.standing, key="referral_id")


@view(disputes.Dispute)
class ViewerDispute:
    words: str | None
    made_at: datetime
    granted: bool | None
    answer: str | None


@view(timelines.Entry)
class ReferralEntry:
    """What happened, and how many points it paid."""

    on: date
    moment: Moment
    points: int


@view(timelines.NextMilestone)
class NextMilestone:
    """What comes next and pays; `on` is null before it is known, or where it is not shown."""

    kind: MilestoneKind
    on: date | None
    points: int


@view(timelines.Timeline)
class ReferralTimeline:
    words: str = batch(timelines.words, key=ROW)
    entries: list[ReferralEntry]
    next: NextMilestone | None


@view(claims.Referral)
class Referral(Node):
    """Somebody whom one brought. `stage` is null unless they agreed that it is shown."""

    state: ClaimState
    claimed_on: date
    owned_until: date
    points: ReferralPoints
    opening: Opening = batch(claims.openings, key=ROW)
    stage: CoarseStage | None = batch(claims.stages, key=ROW)
    timeline: ReferralTimeline = batch(timelines.of, key=ROW)
    dispute: ViewerDispute | None = batch(disputes.of)


@query(Connection[ReferralDispute])
async def referral_disputes(viewer: Person, page: Page) -> Rows[disputes.Dispute]:
    """For HR: those that wait, the oldest first."""
    return await disputes.waiting(page=page)


@mutation(payload("ReferralDisputed", Referral))
async def dispute_referral(
    viewer: Person, referral_id: UUID, words: str, idempotency_key: str
) -> claims.Referral:
    """Say with what shows it that you were first, as long as nobody was paid; HR decides."""
    return await disputes.dispute(referral_id, words, by=viewer, key=idempotency_key)


@mutation(payload("DisputeDecided", ReferralDispute))
async def decide_dispute(
    viewer: Person, dispute_id: UUID, answer: str, *, grant: bool
) -> disputes.Dispute:
    """If it is granted the candidate is theirs from now on. Nobody decides about their own."""
    return await disputes.decide(dispute_id, grant=grant, answer=answer, by=viewer)
