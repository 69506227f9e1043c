"""Points: what the viewer has, and why."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, cast

import strawberry

from api import watch
from api.connections import Connection
from api.context import Context
from api.people import Person as PersonView
from api.roots import query, subscription
from api.views import ROW, Node, batch, view
from api.watch import Stream
from core import bus, pages, people
from core.identity.sessions import Session
from core.pages import Page
from core.people import Person
from gamify import explanations, ledger, points, reviews

if TYPE_CHECKING:
    from api.points_reviews import PointsReview
else:
    PointsReview = Annotated["PointsReview", strawberry.lazy("api.points_reviews")]


@view(ledger.Transfer)
class PointsLine(Node):
    """What gave or took points, and why: in short as `reason`, and as an `explanation`."""

    reason: str = batch(explanations.reason, key=ROW)
    explanation: str = batch(explanations.of, key=ROW)
    caused_by: PersonView | None = batch(people.by_id, key="caused_by")
    at: datetime
    business_date: date
    available_at: datetime | None = batch(points.available_at)
    points: int
    review: PointsReview | None = batch(reviews.of_lines)


@view(points.EarnYear)
class PointsYear:
    """What is left of the points of a year, and the last day on which they can be spent."""

    year: int
    points: int
    expires_on: date


@view(points.Balance)
class Points:
    """What is pending cannot be spent yet, what is owed is filled by what is earned next, and what
    is reserved is for something ordered.
    """

    available: int
    pending: int
    reserved: int
    owed: int
    years: list[PointsYear] = batch(points.years, key="person_id")
    history: Connection[PointsLine] = batch(points.history, key="person_id")


@query(Connection[PointsLine])
async def explain_points(viewer: Person, page: Page) -> pages.Connection[ledger.Transfer]:
    """Why the viewer has so many points: all that gave or took some, the latest first. The points
    of all lines are what is available and pending, less what is owed.
    """
    [history] = await points.history([viewer.id], page=page)
    return history


@subscription(Points)
async def points_changed(context: Context, viewer: Person) -> AsyncIterator[points.Balance]:
    """What the viewer has now, and each time that it has changed."""
    with bus.current().listeners.listen(ledger.topic(viewer.id)) as listener:
        session = cast("Session", context.session)  # which the viewer came by
        with watch.over(Stream(listener, session.id)):
            async with aclosing(points.follow(viewer, listener=listener)) as rows:
                async for row in rows:
                    yield row
