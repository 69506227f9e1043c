"""Points: what the viewer has, and why."""

from datetime import date, datetime

from api.connections import Connection
from api.people import Person
from api.views import ROW, Node, batch, view
from core import people
from gamify import ledger, points


@view(ledger.Transfer)
class PointsLine(Node):
    """What gave or took points, and why."""

    reason: str = batch(points.words, key=ROW)
    caused_by: Person | None = batch(people.by_id, key="caused_by")
    at: datetime
    business_date: date
    available_at: datetime | None = batch(points.available_at)
    points: int


@view(points.Balance)
class Points:
    """What is pending cannot be spent yet."""

    available: int
    pending: int
    history: Connection[PointsLine] = batch(points.history, key="person_id")
