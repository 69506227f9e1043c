"""Goals: what people want to reach for themselves. Nobody is nudged toward anything else."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.expressions import Q
from tortoise.models import Model

from core import clock
from core.database import inserts
from core.database.sql import Statement
from core.errors import Invalid, NotFound
from core.messaging import notices
from core.messaging.notice_kinds import MANNERS, Manner, NoticeKind
from core.messaging.notices import News
from core.people import Person
from core.text import Text
from core.together import together
from gamify.boards.boards import Board, Kind, Measure, Scope
from gamify.boards.scores import UNIT, Score
from gamify.boards.spans import Span

MOST = 1_000_000
NEAR = 80  # per cent of it

MANNERS |= {
    NoticeKind.GOAL_NEAR: Manner(
        Text(
            "You are close to the goal you set yourself.",
            "离你给自己定的目标不远了。",
            "離你給自己訂的目標不遠了。",
        ),
        is_pushed=False,
    ),
    NoticeKind.GOAL_REACHED: Manner(
        Text(
            "You reached the goal you set yourself.",
            "你达成了给自己定的目标！",
            "你達成了給自己訂的目標！",
        ),
        is_pushed=False,
    ),
}


class Goal(Model):
    id = fields.UUIDField(primary_key=True)
    person_id: UUID = fields.UUIDField()
    measure = fields.CharEnumField(Measure, max_length=20)
    span = fields.CharEnumField(Span, max_length=10)
    target = fields.IntField()
    near_in: date | None = fields.DateField(null=True, description="the period they were told in")
    reached_in: date | None = fields.DateField(null=True, description="the same, when reached")

    class Meta:
        table = "goal"
        unique_together = ("person_id", "measure", "span")


OF = Statement(
    "SELECT goal.* FROM goal WHERE person_id = ANY(:people) ORDER BY measure, span", Goal
)
OF_MEASURE = Statement(
    "SELECT goal.* FROM goal WHERE person_id = :person AND measure = :measure", Goal
)
DROP = Statement("DELETE FROM goal WHERE id = :goal AND person_id = :person RETURNING id")
SCORES = Statement(
    """
    SELECT board_score.* FROM board_score
    WHERE board_id = ANY(:boards) AND owner_id = ANY(:owners)
    """,
    Score,
)


class GoalOutOfReach(Invalid):
    text = Text(
        f"A goal goes from 1 to {MOST}.",
        f"目标的范围是 1 到 {MOST}。",
        f"目標的範圍是 1 到 {MOST}。",
    )


class NoSuchGoal(NotFound):
    text = Text("You have no such goal.", "你没有这个目标。", "你沒有這個目標。")


async def set_(measure: Measure, span: Span, target: int, *, by: Person) -> Goal:
    """Take the place of what one wanted to reach before in such periods."""
    if not 1 <= target <= MOST:
        raise GoalOutOfReach
    goal = Goal(id=uuid4(), person_id=by.id, measure=measure, span=span, target=target)
    await inserts.put(goal, "person_id", "measure", "span")
    return goal


async def drop(goal_id: UUID, *, by: Person) -> Person:
    """Raises NoSuchGoal."""
    if not await DROP.rows(goal=goal_id, person=by.id):
        raise NoSuchGoal
    return by


@together
async def of(person_ids: Sequence[UUID]) -> list[list[Goal]]:
    found: dict[UUID, list[Goal]] = {id: [] for id in person_ids}
    for (goal,) in await OF.rows(people=[*found]):
        found[goal.person_id].append(goal)
    return [found[id] for id in person_ids]


@together
async def scores(goals: Sequence[Goal]) -> list[float]:
    """What there is of each in the running period."""
    values = await _values(goals, clock.business_date())
    return [values[goal.id] / UNIT for goal in goals]


async def follow(person_id: UUID, measure: Measure) -> None:
    """In the transaction of what counts: tell, once in a period, who is near or there."""
    today = clock.business_date()
    goals = [goal for (goal,) in await OF_MEASURE.rows(person=person_id, measure=measure)]
    values = await _values(goals, today) if goals else {}
    for goal in goals:
        value, target = values[goal.id], goal.target * UNIT
        if value >= target:
            await _tell(goal, NoticeKind.GOAL_REACHED, "reached_in", today)
        elif value * 100 >= target * NEAR:
            await _tell(goal, NoticeKind.GOAL_NEAR, "near_in", today)


async def _tell(goal: Goal, kind: NoticeKind, column: str, today: date) -> None:
    begins_on = _board(goal, today).begins_on
    told: dict[str, Any] = {column: begins_on}
    never: dict[str, Any] = {f"{column}__isnull": True}
    untold = ~Q(**told) | Q(**never)
    if await Goal.filter(untold, id=goal.id).update(**told):
        source = f"{goal.id}:{begins_on}"
        await notices.tell(goal.person_id, News(kind, f"goal_{goal.id.hex}", source))


async def _values(goals: Sequence[Goal], day: date) -> dict[UUID, int]:
    board_of = {goal.id: _board(goal, day).id for goal in goals}
    owners = {goal.person_id for goal in goals}
    rows = await SCORES.rows(boards=[*board_of.values()], owners=owners)
    values = {(score.board_id, score.owner_id): score.value for (score,) in rows}
    return {goal.id: values.get((board_of[goal.id], goal.person_id), 0) for goal in goals}


def _board(goal: Goal, day: date) -> Board:
    return Kind(goal.measure, Scope.PEOPLE, goal.span).on(day)
