"""Scores: what somebody has on a board, and how many have as much.

Both change in the transaction of the fact that they follow. A rank is a sum over the different
scores above it, of which there are few, however many people there are.
"""

from collections.abc import Iterable
from datetime import date
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from core import clock, events, people, settings
from core.database.sql import Statement
from core.transactions import transaction
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


#: Who closes a board waits for those who score, and they see that it is closed.
CHANGE = """
    INSERT INTO board_score (id, board_id, owner_id, value, is_out)
    SELECT :id, board.id, :owner, :amount, EXISTS (
        SELECT 1 FROM pause WHERE person_id = :owner AND begins_on <= :today AND ends_on > :today)
    FROM board WHERE board.id = :board AND closed_at IS NULL {lock}
    ON CONFLICT (board_id, owner_id) DO UPDATE SET value = board_score.value + excluded.value
    RETURNING value, is_out
"""
ADD = Statement(CHANGE.format(lock="FOR SHARE"), sqlite=CHANGE.format(lock=""))
STEP = Statement("""
    INSERT INTO board_level (id, board_id, value, count) VALUES (:id, :board, :value, :by)
    ON CONFLICT (board_id, value) DO UPDATE SET count = board_level.count + excluded.count
    RETURNING value
""")
OPEN = "SELECT id FROM board WHERE id = :board AND closed_at IS NULL"
HELD = Statement(f"{OPEN} FOR SHARE", sqlite=OPEN)
#: Whoever comes second waits, so that none of two who score at once is overlooked.
DUE = Statement("""
    INSERT INTO due_team (id, board_id, team_id) VALUES (:id, :board, :team)
    ON CONFLICT (board_id, team_id) DO UPDATE SET team_id = excluded.team_id RETURNING team_id
""")


@transaction
async def change(measure: Measure, person_id: UUID, amount: int, day: date) -> None:
    """Somebody did more, or it turned out to be less; boards that are closed stay as they are."""
    team_id = await _team(person_id)
    counted = await boards.opened(measure, day)
    for board in counted:
        if board.scope is Scope.PEOPLE:
            await _add(board.id, person_id, amount * UNIT)
        elif team_id:
            await make_due(board.id, team_id)
    of_people = [board.id for board in counted if board.scope is Scope.PEOPLE]
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
    if was == now:
        return
    for value, by in sorted(((was, -1), (now, +1))):  # in this order: nobody waits in a circle
        if value:
            await STEP.rows(id=uuid4(), board=board_id, value=value, by=by)


async def make_due(board_id: UUID, team_id: UUID) -> None:
    """A team's mean is worked out soon after."""
    await DUE.rows(id=uuid4(), board=board_id, team=team_id)


async def _team(person_id: UUID) -> UUID | None:
    [person] = await people.by_id([person_id])
    return person.team_id if person else None


async def _add(board_id: UUID, person_id: UUID, amount: int) -> None:
    given = {"id": uuid4(), "board": board_id, "owner": person_id, "amount": amount}
    for value, is_out in await ADD.rows(**given, today=clock.business_date()):
        if not is_out:
            await move(board_id, value - amount, value)
