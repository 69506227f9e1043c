"""Goals: what the viewer wants to reach."""

from uuid import UUID

from api.people import Person as PersonView
from api.roots import mutation, payload
from api.views import ROW, Node, batch, view
from core import people
from core.people import Person
from gamify.boards import goals
from gamify.boards.boards import Measure
from gamify.boards.spans import Span


@view(goals.Goal)
class Goal(Node):
    """Seen by oneself alone, and what one is nudged toward; `score` is of the running period."""

    measure: Measure
    span: Span
    target: int
    score: float = batch(goals.scores, key=ROW)


@mutation(payload("GoalSet", Goal))
async def set_goal(viewer: Person, measure: Measure, span: Span, target: int) -> goals.Goal:
    """Take a goal for every day, week or month; it takes the place of the one before."""
    return await goals.set_(measure, span, target, by=viewer)


@mutation(payload("GoalDropped", PersonView))
async def drop_goal(viewer: Person, goal_id: UUID) -> people.Person:
    return await goals.drop(goal_id, by=viewer)
