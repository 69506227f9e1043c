"""Break-glass: how two counsellors together find out who wrote something unseen."""

from datetime import datetime
from uuid import UUID

import strawberry

from api import subjects
from api.authors import Author
from api.connections import Connection
from api.people import Person as Colleague
from api.posts import Post
from api.roots import mutation, payload, query
from api.views import ROW, Node, batch, itself, view
from community import authors, breakglass, breakglass_requests, posts, risk_matters
from community.breakglass import Grounds
from community.breakglass_requests import Decision
from core import people
from core.pages import Connection as Rows
from core.pages import Page
from core.people import Person

strawberry.enum(Decision, name="BreakGlassDecision", description="Of the second counsellor.")


@view(breakglass_requests.BreakGlassRequest)
class BreakGlassRequest(Node):
    """A counsellor asks to learn who wrote something unseen; a second one decides."""

    is_red: bool
    tells_author: bool
    asked_at: datetime
    expires_at: datetime
    decision: Decision | None
    decided_at: datetime | None
    opened_at: datetime | None
    author: Author = batch(authors.of, key=ROW)
    post: Post | None = batch(posts.seen, key="thread_id")
    reason: str = batch(breakglass_requests.reasons, key=ROW)
    note: str | None = batch(breakglass_requests.notes, key=ROW)
    asked_by: Colleague = batch(people.named, key="asked_by_id")
    decided_by: Colleague | None = batch(people.by_id, key="decided_by_id")


@view(people.Person)
class SealOpened:
    person: Colleague = itself()


@query(Connection[BreakGlassRequest])
async def break_glass_requests(
    viewer: Person, page: Page
) -> Rows[breakglass_requests.BreakGlassRequest]:
    """For counsellors: the latest first."""
    return await breakglass_requests.listed(to=viewer, page=page)


@mutation(payload("BreakGlassAsked", BreakGlassRequest))
async def ask_to_break_glass(
    viewer: Person,
    *,
    subject_id: UUID,
    reason: str,
    idempotency_key: str,
    tells_author: bool = True,
) -> breakglass_requests.BreakGlassRequest:
    """Ask to learn who wrote this; the author is told on the care line unless that is unsafe."""
    subject = await subjects.visible(subject_id, to=viewer)
    is_red = await risk_matters.is_red(subject.id, held_by=viewer)
    grounds = Grounds(reason, tells_author=tells_author, is_red=is_red)
    return await breakglass.ask(subject, grounds, by=viewer, key=idempotency_key)


@mutation(payload("BreakGlassDecided", BreakGlassRequest))
async def decide_break_glass(
    viewer: Person, *, request_id: UUID, agreed: bool, note: str
) -> breakglass_requests.BreakGlassRequest:
    """As the second counsellor; in a red case it may have been opened already."""
    return await breakglass.decide(request_id, agreed=agreed, note=note, by=viewer)


@mutation(SealOpened)
async def open_seal(viewer: Person, request_id: UUID) -> people.Person:
    """Who wrote it, for the counsellor who asked and nobody else; each time is recorded."""
    return await breakglass.open_seal(request_id, by=viewer)
