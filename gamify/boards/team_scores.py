"""Team scores: the mean of those who could play, in teams that are large enough."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from core import disclosure
from core.transactions import transaction
from gamify.boards import players, scores
from gamify.boards.boards import OUTSIDE, Board, Measure, Scope
from gamify.boards.scores import DueTeam, Score
from gamify.measures import figures

LEAST = 5  # members: the mean of fewer tells what one of them did
BATCH = 200  # teams of a transaction

#: Hundredths to which private figures are rounded.
STEPS = {
    Measure.VOLUME: 50,
    Measure.HOURS: 100,
    Measure.RESOLUTION: 100,
    Measure.SATISFACTION: 10,
}

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
    if board.measure in OUTSIDE:
        values = await _figures(board, everybody)
        known = {team: [values[id] for id in ids if id in values] for team, ids in members.items()}
        return {team: _told(board.measure, found) for team, found in known.items()}
    scored = await _scores(board, everybody)
    means = {team: [scored.get(id, 0) for id in ids] for team, ids in members.items()}
    return {team: _mean(all_) if len(all_) >= LEAST else None for team, all_ in means.items()}


async def _scores(board: Board, person_ids: Sequence[UUID]) -> dict[UUID, int]:
    found = Score.filter(board_id=board.beside(Scope.PEOPLE).id, owner_id__in=person_ids)
    return dict(await found.values_list("owner_id", "value"))


async def _figures(board: Board, person_ids: Sequence[UUID]) -> dict[UUID, int]:
    sums = await figures.sums(person_ids, board.begins_on, board.before)
    values = {id: one.value(board.measure) for id, one in sums.items()}
    return {id: value for id, value in values.items() if value is not None}


def _told(measure: Measure, values: Sequence[int]) -> int | None:
    """So coarse that one member's correction hardly shows; nothing about few, nor of all alike."""
    step = STEPS[measure]
    return round(_mean(values) / step) * step if disclosure.fit(values, LEAST) else None


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
