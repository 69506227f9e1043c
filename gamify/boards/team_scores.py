"""Team scores: the mean of those who could play, in teams that are large enough."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from core.transactions import transaction
from gamify.boards import players, scores
from gamify.boards.boards import Board, Scope
from gamify.boards.scores import DueTeam, Score

LEAST = 5  # members: the mean of fewer tells what one of them did
BATCH = 200  # teams of a transaction

Means = dict[UUID, int | None]


async def settle() -> None:
    """Due work: teams follow what their members did."""
    due: Sequence[Any] = await DueTeam.all().distinct().values_list("board_id", flat=True)
    for board_id in sorted(due):
        await settle_board(board_id)


async def settle_board(board_id: UUID) -> None:
    while await _settle(board_id):
        pass


async def review(board: Board) -> None:
    """Work out every team on it anew: who could play may have changed since."""
    teams = await Score.filter(board_id=board.id).order_by("owner_id").values_list("owner_id")
    for (team_id,) in teams:
        await scores.make_due(board.id, team_id)
    await settle_board(board.id)


@transaction
async def _settle(board_id: UUID) -> bool:
    """Some of the teams that are due; whether there may be more."""
    due = DueTeam.filter(board_id=board_id).order_by("team_id").limit(BATCH)
    taken = await due.select_for_update(skip_locked=True)
    if taken and await scores.held(board_id):
        board = await Board.get(id=board_id)
        means = await _means(board, [one.team_id for one in taken])
        for team_id, mean in sorted(means.items()):
            await _put(board_id, team_id, mean)
    await DueTeam.filter(id__in=[one.id for one in taken]).delete()
    return len(taken) == BATCH


async def _means(board: Board, team_ids: Sequence[UUID]) -> Means:
    """In hundredths; None where too few could play."""
    members = await players.of(team_ids, board.period)
    everybody = [id for ids in members.values() for id in ids]
    found = Score.filter(board_id=board.beside(Scope.PEOPLE).id, owner_id__in=everybody)
    values = dict(await found.values_list("owner_id", "value"))
    return {
        team_id: _mean([values.get(id, 0) for id in ids]) if len(ids) >= LEAST else None
        for team_id, ids in members.items()
    }


def _mean(values: Sequence[int]) -> int:
    return round(sum(values) / len(values))


async def _put(board_id: UUID, team_id: UUID, mean: int | None) -> None:
    """Whoever holds the team's due row is alone with its score."""
    of_team = Score.filter(board_id=board_id, owner_id=team_id)
    old = await of_team.first()
    value, is_out = mean or 0, mean is None
    if old:
        await of_team.update(value=value, is_out=is_out)
    else:
        new = Score(id=uuid4(), board_id=board_id, owner_id=team_id, value=value, is_out=is_out)
        await new.save(force_create=True)
    await scores.move(board_id, old.value if old and not old.is_out else 0, value)
    await scores.note(team_id, [board_id])
