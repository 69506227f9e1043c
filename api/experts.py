"""Experts, and the review that makes them."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import strawberry

from api.connections import Connection
from api.roots import mutation, payload, query
from api.tags import Tag
from api.views import ROW, Node, batch, view
from community import expert_reviews, experts, tags
from community.experts import ExpertState
from core import people
from core.pages import Connection as Rows
from core.pages import Page
from core.people import Person

if TYPE_CHECKING:
    from api.people import Person as Colleague
else:
    Colleague = Annotated["Person", strawberry.lazy("api.people")]

strawberry.enum(ExpertState)


@view(experts.Expert)
class Expert(Node):
    """Somebody in a tag; `reason` is for the person and for moderators."""

    person: Colleague = batch(people.named, key="person_id")
    tag: Tag = batch(tags.by_id, key="tag_id")
    state: ExpertState
    moved_at: datetime
    lapses_on: date | None
    reason: str | None
    endorsers: list[Colleague] | None = batch(experts.endorsers, key=ROW)


@query(Connection[Expert])
async def expert_proposals(viewer: Person, page: Page) -> Rows[experts.Expert]:
    """Whom colleagues endorsed and the viewer may review, the longest waiting first."""
    return await expert_reviews.waiting(to=viewer, page=page)


@mutation(payload("ExpertReviewed", Expert))
async def review_expert(
    viewer: Person, *, expert_id: UUID, approve: bool, reason: str = ""
) -> experts.Expert:
    """Say yes or no to what colleagues propose; a no needs a reason, which the person reads."""
    return await expert_reviews.decide(expert_id, approve=approve, reason=reason, by=viewer)


@mutation(payload("ExpertRevoked", Expert))
async def revoke_expert(viewer: Person, expert_id: UUID, reason: str) -> experts.Expert:
    """Let somebody be an expert no more; the person reads the reason."""
    return await expert_reviews.revoke(expert_id, reason, by=viewer)
