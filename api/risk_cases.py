"""Risk cases, for counsellors alone: somebody may be in danger."""

from datetime import datetime
from uuid import UUID

import strawberry

from api.authors import Author
from api.comments import Comment
from api.connections import Connection
from api.people import Person as PersonView
from api.posts import Post
from api.risk_levels import Level
from api.roots import mutation, payload, query
from api.views import ROW, Node, batch, view
from community import authors, risk_care, risk_cases, risk_matters, risk_steps
from community.risk_cases import Cause, Outcome
from community.risk_steps import StepKind
from core import pages, people
from core.pages import Page
from core.people import Person

strawberry.enum(Cause, name="RiskCause", description="What opened a case.")
strawberry.enum(Outcome, name="RiskOutcome", description="What came of a case.")
strawberry.enum(StepKind, name="RiskStepKind")


@view(risk_steps.RiskStep)
class RiskStep(Node):
    """What was done; `by` is null where the system did it, or somebody who is not named."""

    kind: StepKind
    words: str
    level: Level
    at: datetime
    by: PersonView | None = batch(people.by_id, key="by_id")


@view(risk_cases.RiskCase)
class RiskCase(Node):
    """Whom it is about, what was written, and until when somebody has to acknowledge it.

    `called` is whose turn it is; null: everybody's. `isHolding` says that what was written waits
    until it is released.
    """

    level: Level
    cause: Cause
    words: str
    author: Author = batch(authors.of, key=ROW)
    post: Post | None = batch(risk_matters.posts, key="post_id")
    comment: Comment | None = batch(risk_matters.comments, key="comment_id")
    is_holding: bool
    opened_at: datetime
    acknowledge_by: datetime
    is_overdue: bool
    escalations: int
    called: PersonView | None = batch(people.by_id, key="called_id")
    holder: PersonView | None = batch(people.by_id, key="holder_id")
    acknowledged_at: datetime | None
    closed_at: datetime | None
    outcome: Outcome | None
    steps: Connection[RiskStep] = batch(risk_steps.of)


@query(Connection[RiskCase])
async def risk_cases_(
    viewer: Person, page: Page, *, closed: bool = False
) -> pages.Connection[risk_cases.RiskCase]:
    """What is open, or closed, the most pressing first."""
    return await risk_cases.listed(to=viewer, page=page, closed=closed)


@query(RiskCase | None)
async def risk_case(viewer: Person, id: UUID) -> risk_cases.RiskCase:
    return await risk_cases.visible(id, to=viewer)


@mutation(payload("RiskCaseAcknowledged", RiskCase))
async def acknowledge_risk_case(viewer: Person, risk_case_id: UUID) -> risk_cases.RiskCase:
    """Take care of it; of two who do so at once, one does."""
    return await risk_care.acknowledge(risk_case_id, by=viewer)


@mutation(payload("RiskCaseNoted", RiskStep))
async def note_risk_case(
    viewer: Person, risk_case_id: UUID, words: str, idempotency_key: str
) -> risk_steps.RiskStep:
    """Write down what was learnt or done."""
    return await risk_care.note(risk_case_id, words, by=viewer, key=idempotency_key)


@mutation(payload("RiskCaseHandedOver", RiskCase))
async def hand_over_risk_case(
    viewer: Person, risk_case_id: UUID, to_id: UUID, words: str
) -> risk_cases.RiskCase:
    """Give it to another counsellor, who has to acknowledge it."""
    return await risk_care.hand_over(risk_case_id, to_id, words, by=viewer)


@mutation(payload("RiskLevelSet", RiskCase))
async def set_risk_level(
    viewer: Person, risk_case_id: UUID, level: Level, reason: str
) -> risk_cases.RiskCase:
    """Raise or lower it."""
    return await risk_care.set_level(risk_case_id, level, reason, by=viewer)


@mutation(payload("RiskCaseReleased", RiskCase))
async def release_risk_case(viewer: Person, risk_case_id: UUID) -> risk_cases.RiskCase:
    """Let others see what was held back."""
    return await risk_care.release(risk_case_id, by=viewer)


@mutation(payload("RiskCaseClosed", RiskCase))
async def close_risk_case(
    viewer: Person, risk_case_id: UUID, outcome: Outcome, words: str
) -> risk_cases.RiskCase:
    """Say what came of it."""
    return await risk_care.close(risk_case_id, outcome, words, by=viewer)
