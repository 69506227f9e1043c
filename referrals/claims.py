"""Claims: who brought whom. The database decides who was first.

There is one live claim of a candidate, known by the keyed hash of the phone they confirmed,
whatever openings they apply for, until it lapses.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from tortoise import fields
from tortoise.expressions import Q
from tortoise.migrations.constraints import UniqueConstraint
from tortoise.models import Model

from core import clock, events, pages, settings
from core.database import inserts, sql
from core.errors import NotFound
from core.pages import Connection, Listing, Page
from core.people import Person
from core.text import Text
from core.transactions import transaction
from referrals import bars, links
from referrals.bars import ClaimRefusal
from referrals.candidates import Candidate, CoarseStage, Details, Stage
from referrals.links import Link
from referrals.openings import Opening, Points

REFERRALS = Listing("referrals", "claimed_at")


class ClaimState(StrEnum):
    LIVE = "LIVE"
    TAKEN = "TAKEN"  # somebody else had brought them before
    REFUSED = "REFUSED"
    LAPSED = "LAPSED"  # nobody was hired within the window
    LOST = "LOST"  # HR decided for somebody else
    ENDED = "ENDED"  # the candidate was erased


class Referral(Model):
    id = fields.UUIDField(primary_key=True)
    candidate: fields.ForeignKeyRelation[Candidate] = fields.ForeignKeyField("models.Candidate")
    candidate_id: UUID
    link: fields.ForeignKeyRelation[Link] = fields.ForeignKeyField("models.Link")
    link_id: UUID
    referrer_id: UUID = fields.UUIDField()
    phone_hash = fields.CharField(max_length=64, null=True, description="as the candidate's")
    state = fields.CharEnumField(ClaimState, max_length=10)
    refusal = fields.CharEnumField(ClaimRefusal, max_length=10, null=True)
    claimed_at: datetime = fields.DatetimeField()
    owned_until: date = fields.DateField(description="the last day, unless they are hired")
    hired_points = fields.IntField(description="as promised on the day of the claim")
    day_90_points = fields.IntField()
    year_1_points = fields.IntField()

    class Meta:
        table = "referral"
        unique_together = ("candidate", "referrer_id")
        indexes = (("referrer_id", "claimed_at", "id"), ("state", "owned_until"))
        constraints = (
            UniqueConstraint(
                fields=("phone_hash",), name="one_live_claim", condition="state = 'LIVE'"
            ),
        )

    @property
    def points(self) -> Points:
        """As promised on the day of the claim."""
        return Points(self.hired_points, self.day_90_points, self.year_1_points)

    @property
    def claimed_on(self) -> date:
        return clock.business_date(self.claimed_at)


OF_PERSON = pages.Each(Referral, "referrer_id = parent.id", REFERRALS)


class ReferralNotFound(NotFound):
    text = Text("This referral is not here.", "找不到这条推荐。", "找不到這筆推薦。")


async def claim(candidate: Candidate, link: Link, details: Details) -> None:
    """Decide whose candidate this is; belongs into the transaction of the application."""
    referrer = await links.sharer(link)
    if referrer is None or await _is_decided(candidate, link):
        return
    claims = await _claims(candidate, link)
    if why := await bars.applying(link, details, referrer):
        claims.state, claims.refusal = ClaimState.REFUSED, why
        if await inserts.added(claims):
            await _told("referral.refused", claims)
        return
    await _lapse(Q(phone_hash=candidate.phone_hash))
    if await inserts.added(claims):
        await _told("referral.claimed", claims)
    elif not await _followed(claims):
        await _lose(claims)


async def live(candidate: Candidate) -> Referral | None:
    """Whose candidate this is, whatever opening it was about. None once they are erased."""
    if candidate.phone_hash is None:
        return await Referral.get_or_none(candidate_id=candidate.id, state=ClaimState.LIVE)
    return await Referral.get_or_none(phone_hash=candidate.phone_hash, state=ClaimState.LIVE)


async def refuse(claim: Referral, why: ClaimRefusal) -> None:
    """It turned out later; belongs into the transaction that found out."""
    standing = Referral.filter(id=claim.id, state=ClaimState.LIVE)
    if await standing.update(state=ClaimState.REFUSED, refusal=why):
        await _told("referral.refused", claim)


async def put_about(claim: Referral, candidate: Candidate) -> None:
    """The application that counts, of whoever applied for several jobs."""
    said = Referral.filter(candidate_id=candidate.id, referrer_id=claim.referrer_id)
    if not await said.exists():
        await Referral.filter(id=claim.id).update(candidate_id=candidate.id)


async def own(referral_id: UUID, *, of: Person) -> Referral:
    """The one way to one's own. Raises ReferralNotFound."""
    referral = await Referral.get_or_none(id=referral_id, referrer_id=of.id)
    if referral is None:
        raise ReferralNotFound
    return referral


async def of(person_ids: Sequence[UUID], *, page: Page) -> list[Connection[Referral]]:
    """What each person brought, the newest first."""
    return await OF_PERSON.read(person_ids, page)


async def candidates(referrals: Sequence[Referral]) -> list[Candidate]:
    found = await sql.in_bulk(Candidate, [referral.candidate_id for referral in referrals])
    return [found[referral.candidate_id] for referral in referrals]


async def openings(referrals: Sequence[Referral]) -> list[Opening]:
    """The job that each is about."""
    about = [candidate.opening_id for candidate in await candidates(referrals)]
    found = await sql.in_bulk(Opening, about)
    return [found[id] for id in about]


async def stages(referrals: Sequence[Referral]) -> list[CoarseStage | None]:
    """As much as each candidate lets whoever brought them see."""
    shown = zip(referrals, await candidates(referrals), strict=True)
    return [_shown(referral, candidate) for referral, candidate in shown]


async def lapse() -> None:
    """Due work: claims whose window is over, unless their candidate was hired."""
    await _lapse(Q())


@transaction
async def _lapse(which: Q) -> None:
    today = clock.business_date()
    over = Referral.filter(which, state=ClaimState.LIVE, owned_until__lt=today)
    for referral in await over.exclude(candidate__stage=Stage.HIRED).order_by("id").limit(100):
        still = Referral.filter(id=referral.id, state=ClaimState.LIVE)
        if await still.update(state=ClaimState.LAPSED):
            await _told("referral.lapsed", referral)


def _shown(referral: Referral, candidate: Candidate) -> CoarseStage | None:
    is_theirs = referral.state is ClaimState.LIVE
    return candidate.coarse_stage if is_theirs and candidate.shares_stage else None


async def _is_decided(candidate: Candidate, link: Link) -> bool:
    """Whether it was said before what this colleague has of this application."""
    return await Referral.filter(candidate_id=candidate.id, referrer_id=link.person_id).exists()


async def _claims(candidate: Candidate, link: Link) -> Referral:
    points = (await Opening.get(id=link.opening_id)).points
    return Referral(
        candidate_id=candidate.id,
        link_id=link.id,
        referrer_id=link.person_id,
        phone_hash=candidate.phone_hash,
        state=ClaimState.LIVE,
        claimed_at=clock.now(),
        owned_until=clock.business_date() + timedelta(days=settings.current().ownership_days),
        hired_points=points.hired,
        day_90_points=points.day_90,
        year_1_points=points.year_1,
    )


async def _followed(claims: Referral) -> bool:
    """Whether the live claim is the same colleague's; it is about the latest application."""
    standing = Referral.filter(phone_hash=claims.phone_hash, state=ClaimState.LIVE)
    own = standing.filter(referrer_id=claims.referrer_id)
    return bool(await own.update(candidate_id=claims.candidate_id, link_id=claims.link_id))


async def _lose(claims: Referral) -> None:
    claims.state = ClaimState.TAKEN
    if await inserts.added(claims):
        await _told("referral.taken", claims)


async def _told(name: str, referral: Referral) -> None:
    await events.record(
        name, referral=referral.id, candidate=referral.candidate_id, referrer=referral.referrer_id
    )
