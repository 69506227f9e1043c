"""Scores: what somebody has on a board, and how many have as much.

Both change in the transaction of the fact that they follow. A rank is a sum over the different
scores above it, of which there are few, however many people there are.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from core import clock, events, people, settings
from core.database.sql import Statement
from gamify.boards import boards
from gamify.boards.boards import Board, Measure, Scope

UNIT = 100  # a team has hundredths


class Score(Model):
    """Its id orders those who have as much, and tells nothing of them."""

    id = fields.UUIDField(primary_key=True)
    board: fields.ForeignKeyRelation[Board] = fields.ForeignKeyField("models.Board")
    board_id: UUID
    owner_id: UUID = fields.UUIDField(description="a person, or a team", db_index=True)
    value = fields.BigIntField(description="hundredths")
    is_out = fields.BooleanField(default=False, description="away, or gone: ranked nowhere")

    class Meta:
        table = "board_score"
        unique_together = ("board", "owner_id")
        indexes = (("board_id", "is_out", "value", "id"),)


class Level(Model):
    """How many are ranked with a value, zero left out."""

    id = fields.UUIDField(primary_key=True)
    board: fields.ForeignKeyRelation[Board] = fields.ForeignKeyField("models.Board")
    board_id: UUID
    value = fields.BigIntField()
    count = fields.IntField()

    class Meta:
        table = "board_level"
        unique_together = ("board", "value")


class DueTeam(Model):
    """A team whose mean has yet to follow what its members did."""

    id = fields.UUIDField(primary_key=True)
    board: fields.ForeignKeyRelation[Board] = fields.ForeignKeyField("models.Board")
    board_id: UUID
    team_id: UUID = fields.UUIDField()

    class Meta:
        table = "due_team"
        unique_together = ("board", "team_id")


class Step(NamedTuple):
    """So many more are ranked with a value, or fewer."""

    board_id: UUID
    value: int
    by: int


#: Who closes a board waits for those who score, and they see that it is closed.
CHANGE = """
    INSERT INTO board_score (id, board_id, owner_id, value, is_out)
    SELECT fresh.id, board.id, :owner, :amount, EXISTS (
        SELECT 1 FROM pause WHERE person_id = :owner AND begins_on <= :today AND ends_on > :today)
    FROM ({fresh}) AS fresh JOIN board ON board.id = fresh.board_id
    WHERE closed_at IS NULL ORDER BY board.id {lock}
    ON CONFLICT (board_id, owner_id) DO UPDATE SET value = board_score.value + excluded.value
    RETURNING board_id, value, is_out
"""
ADD = Statement(
    CHANGE.format(
        fresh="SELECT UNNEST(:ids::uuid[]) AS id, UNNEST(:boards::uuid[]) AS board_id",
        lock="FOR SHARE OF board",
    ),
    sqlite=CHANGE.format(
        fresh="""SELECT id.value AS id, board_id.value AS board_id
            FROM json_each(:ids) AS id JOIN json_each(:boards) AS board_id USING (key)""",
        lock="",
    ),
)
COUNT = """
    INSERT INTO board_level (id, board_id, value, count) {steps}
    ON CONFLICT (board_id, value) DO UPDATE SET count = board_level.count + excluded.count
    RETURNING value
"""
STEP = Statement(
    COUNT.format(
        steps="""SELECT UNNEST(:ids::uuid[]), UNNEST(:boards::uuid[]), UNNEST(:values::bigint[]),
            UNNEST(:counts::int[])"""
    ),
    sqlite=COUNT.format(
        steps="""SELECT id.value, board.value, value.value, count.value
            FROM json_each(:ids) AS id JOIN json_each(:boards) AS board USING (key)
            JOIN json_each(:values) AS value USING (key)
            JOIN json_each(:counts) AS count USING (key) WHERE TRUE"""
    ),
)
OPEN = "SELECT id FROM board WHERE id = :board AND closed_at IS NULL"
HELD = Statement(f"{OPEN} FOR SHARE", sqlite=OPEN)
#: Whoever comes second waits, so that none of two who score at once is overlooked.
DUE = Statement("""
    INSERT INTO due_team (id, board_id, team_id) VALUES (:id, :board, :team)
    ON CONFLICT (board_id, team_id) DO UPDATE SET team_id = excluded.team_id RETURNING team_id
""")


async def change(measure: Measure, person_id: UUID, amount: int, day: date) -> None:
    """Somebody did more, or it turned out to be less; boards that are closed stay as they are.

    Belongs into the transaction of what counts.
    """
    team_id = await _team(person_id)
    counted = await boards.opened(measure, day)
    of_people = [board.id for board in counted if board.scope is Scope.PEOPLE]
    await _add(of_people, person_id, amount * UNIT)
    for board in counted:
        if team_id and board.scope is Scope.TEAMS:
            await make_due(board.id, team_id)
    await note(person_id, of_people)


async def note(owner_id: UUID, board_ids: Iterable[UUID]) -> None:
    """Where there is a Redis, its sorted sets follow."""
    if settings.current().redis:
        changed = " ".join(id.hex for id in board_ids)
        await events.record("score.changed", owner=owner_id, boards=changed)


async def held(board_id: UUID) -> bool:
    """Whether a board is open, and stays so until the transaction ends."""
    return bool(await HELD.rows(board=board_id))


async def move(board_id: UUID, was: int, now: int) -> None:
    """One who was ranked with one value is now with another; 0 is not ranked."""
    await _step(_moved(board_id, was, now))


async def make_due(board_id: UUID, team_id: UUID) -> None:
    """A team's mean is worked out soon after."""
    await DUE.rows(id=uuid4(), board=board_id, team=team_id)


async def _team(person_id: UUID) -> UUID | None:
    [person] = await people.by_id([person_id])
    return person.team_id if person else None


async def _add(board_ids: Sequence[UUID], person_id: UUID, amount: int) -> None:
    given = {"boards": board_ids, "ids": [uuid4() for _ in board_ids], "owner": person_id}
    rows = await ADD.rows(**given, amount=amount, today=clock.business_date())
    changed = [(UUID(str(id)), value) for id, value, is_out in rows if not is_out]
    await _step([step for id, value in changed for step in _moved(id, value - amount, value)])


def _moved(board_id: UUID, was: int, now: int) -> list[Step]:
    return [Step(board_id, *one) for one in ((was, -1), (now, +1)) if one[0] and was != now]


async def _step(steps: Sequence[Step]) -> None:
    """In one order, so that nobody waits in a circle."""
    if steps:
        boards, values, counts = zip(*sorted(steps), strict=True)
        ids = [uuid4() for _ in steps]
        await STEP.rows(ids=ids, boards=boards, values=values, counts=counts)
