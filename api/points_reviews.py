"""Reviews of points that look arranged: for HR, and for whose points they are."""

from datetime import datetime
from uuid import UUID

import strawberry

from api.connections import Connection
from api.people import Person as PersonView
from api.points import PointsLine
from api.roots import mutation, payload, query
from api.views import ROW, Node, batch, view
from core import pages, people
from core.pages import Page
from core.people import Person
from gamify import ledger, reviews
from gamify.patterns import Pattern
from gamify.reviews import State

strawberry.enum(Pattern, name="PointsPattern", description="What it looks like.")
strawberry.enum(State, name="PointsReviewState", description="What was decided, if anything.")


@view(reviews.Review)
class PointsReview(Node):
    """Points that wait until somebody has looked, and what was decided. `words` say why, `answer`
    is to the appeal, which its owner may make once.
    """

    pattern: Pattern
    why: str = batch(reviews.whys, key=ROW)
    state: State
    is_waiting: bool
    words: str
    appeal_words: str
    appealed_at: datetime | None
    answer: str
    moved_at: datetime
    person: PersonView = batch(people.named, key="person_id")
    line: PointsLine = batch(reviews.lines, key="transfer_id")
    decided_by: PersonView | None = batch(people.by_id, key="decided_by")


@query(Connection[PointsReview])
async def points_reviews(viewer: Person, page: Page) -> pages.Connection[reviews.Review]:
    """What waits for HR: points that are held, and appeals; the latest first."""
    return await reviews.waiting(page=page)


@query(Connection[PointsLine])
async def points_lines(
    viewer: Person, person_id: UUID, page: Page
) -> pages.Connection[ledger.Transfer]:
    """Somebody's lines, for HR; that they were read is recorded."""
    return await reviews.inspect(person_id, page=page, by=viewer)


@mutation(payload("PointsReviewDecided", PointsReview))
async def decide_points_review(
    viewer: Person, review_id: UUID, *, reverse: bool, words: str
) -> reviews.Review:
    """Let held points go on their way, or take them back; `words` are for their owner."""
    return await reviews.decide(review_id, reverse=reverse, words=words, by=viewer)


@mutation(payload("PointsReversed", PointsReview))
async def reverse_points(
    viewer: Person, line_id: UUID, words: str, idempotency_key: str
) -> reviews.Review:
    """Take back what a rule paid, at any time; what is spent is owed, and filled by what is
    earned next.
    """
    return await reviews.reverse(line_id, words, by=viewer, key=idempotency_key)


@mutation(payload("PointsAppealed", PointsReview))
async def appeal_points_review(viewer: Person, review_id: UUID, words: str) -> reviews.Review:
    """Once, by whom points were taken from; somebody else will answer."""
    return await reviews.appeal(review_id, words, by=viewer)


@mutation(payload("PointsAppealAnswered", PointsReview))
async def answer_points_appeal(
    viewer: Person, review_id: UUID, *, grant: bool, words: str
) -> reviews.Review:
    """Answer an appeal, as somebody else than who decided."""
    return await reviews.answer(review_id, grant=grant, words=words, by=viewer)
