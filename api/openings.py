"""Openings: the jobs that friends may be brought for."""

from datetime import date, datetime
from uuid import UUID

import strawberry

from api.connections import Connection
from api.people import Person as Colleague
from api.roots import mutation, payload, query
from api.views import Node, batch, view
from core.pages import Connection as Rows
from core.pages import Page
from core.people import Person
from referrals import openings
from referrals.openings import Draft, OpeningState

strawberry.enum(OpeningState)


@view(openings.Points)
class ReferralPoints:
    """What whoever brought a friend gets when they are hired, after 90 days and after a year."""

    hired: int
    day_90: int
    year_1: int


@view(openings.Opening)
class Opening(Node):
    """A job. Its texts are as HR wrote them, in `language`; pay is for a month."""

    title: str
    site: str
    team: str
    about: str
    contact: str
    language: str
    pay_from: int
    pay_to: int
    currency: str
    points: ReferralPoints
    extra_factor: int
    extra_until: date | None
    extra_for: str
    state: OpeningState
    opened_at: datetime
    viewer_may_refer: bool = batch(openings.admitted)
    insiders: list[Colleague] | None = batch(openings.insiders)


@strawberry.input
class OpeningDraft:
    """`insiderIds` are who decides about candidates: they bring none for this job."""

    title: str
    site: str
    team: str
    about: str
    contact: str
    language: str
    pay_from: int
    pay_to: int
    hired_points: int
    day_90_points: int
    year_1_points: int
    currency: str = "CNY"
    extra_factor: int = 1
    extra_until: date | None = None
    extra_for: str = ""
    insider_ids: list[UUID] = strawberry.field(default_factory=list)


@query(Connection[Opening])
async def openings_(
    viewer: Person, page: Page, *, state: OpeningState | None = None
) -> Rows[openings.Opening]:
    """The jobs that are open, the newest first; HR sees the others, too."""
    return await openings.listed(to=viewer, page=page, state=state)


@query(Opening | None)
async def opening(viewer: Person, id: UUID) -> openings.Opening:
    return await openings.visible(id, to=viewer)


@mutation(payload("OpeningCreated", Opening))
async def create_opening(
    viewer: Person, draft: OpeningDraft, idempotency_key: str
) -> openings.Opening:
    """For HR. Points are as they are without an extra, which multiplies them until its last day."""
    return await openings.create(Draft(**vars(draft)), by=viewer, key=idempotency_key)


@mutation(payload("OpeningEdited", Opening))
async def edit_opening(viewer: Person, opening_id: UUID, draft: OpeningDraft) -> openings.Opening:
    """What was promised for friends who applied before stays as it was."""
    return await openings.edit(opening_id, Draft(**vars(draft)), by=viewer)


@mutation(payload("OpeningMoved", Opening))
async def move_opening(viewer: Person, opening_id: UUID, state: OpeningState) -> openings.Opening:
    """Open it, pause it or close it; who has applied goes on."""
    return await openings.move(opening_id, state, by=viewer)
