"""Rebuilding: running boards are made anew from what counts for them."""

from uuid import UUID, uuid4

from core.database.sql import Statement
from core.transactions import transaction
from gamify.boards import scores, team_scores
from gamify.boards.boards import Board, Scope
from gamify.boards.scores import UNIT, Level, Score

SUMS = Statement("""
    SELECT person_id, SUM(amount) FROM tally
    WHERE measure = :measure AND day >= :since AND day < :before AND is_withdrawn = FALSE
    GROUP BY person_id
""")
LEVELS = Statement("""
    SELECT value, COUNT(*) FROM board_score
    WHERE board_id = :board AND is_out = FALSE AND value > 0 GROUP BY value
""")
TEAMS = Statement("""
    SELECT DISTINCT person.team_id FROM board_score JOIN person ON person.id = owner_id
    WHERE board_id = :board AND person.team_id IS NOT NULL ORDER BY person.team_id
""")


async def rebuild() -> int:
    """How many boards are running; those that are closed stay as they are."""
    running = await Board.filter(closed_at__isnull=True)
    for board in running:
        if board.scope is Scope.PEOPLE:
            await _rebuild(board)
    for board in running:
        if board.scope is Scope.TEAMS:
            await _rebuild_teams(board)
    return len(running)


@transaction
async def _rebuild(board: Board) -> None:
    """Who scores meanwhile waits until it is done."""
    if not await Board.select_for_update().get_or_none(id=board.id, closed_at__isnull=True):
        return
    right = await _sums(board)
    known = {score.owner_id: score for score in await Score.filter(board_id=board.id)}
    wrong = [score for owner, score in known.items() if score.value != right.get(owner, 0)]
    for score in wrong:
        score.value = right.get(score.owner_id, 0)
    if wrong:
        await Score.bulk_update(wrong, ["value"], batch_size=1000)
    missing = (
        Score(id=uuid4(), board_id=board.id, owner_id=owner, value=value)
        for owner, value in right.items()
        if owner not in known
    )
    await Score.bulk_create(missing, batch_size=1000)
    await _count(board)


async def _sums(board: Board) -> dict[UUID, int]:
    period = {"since": board.begins_on, "before": board.before}
    rows = await SUMS.rows(measure=board.measure, **period)
    return {UUID(str(person)): amount * UNIT for person, amount in rows}


async def _count(board: Board) -> None:
    await Level.filter(board_id=board.id).delete()
    await Level.bulk_create(
        Level(id=uuid4(), board_id=board.id, value=value, count=count)
        for value, count in await LEVELS.rows(board=board.id)
    )
    await Board.filter(id=board.id).update(is_mirrored=False)


async def _rebuild_teams(board: Board) -> None:
    for (team_id,) in await TEAMS.rows(board=board.beside(Scope.PEOPLE).id):
        await scores.make_due(board.id, UUID(str(team_id)))
    await team_scores.review(board)
    await _count(board)
