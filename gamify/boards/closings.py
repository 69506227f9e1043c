"""Closings: a period that is over is closed once, and what its boards say stays."""

from datetime import timedelta

from core import clock, events
from core.database import inserts
from core.transactions import transaction
from gamify.boards import team_scores
from gamify.boards.boards import KINDS, Board, Scope
from gamify.boards.scores import DueTeam, Score
from gamify.boards.spans import Span, midnight

GRACE = timedelta(minutes=5)  # in which a transaction from before midnight has come to its end
KEPT = {
    Span.DAY: timedelta(days=62),
    Span.WEEK: timedelta(days=400),
    Span.MONTH: timedelta(days=1100),
}


async def close() -> None:
    """Due work: close what is over, once everything that happened in it has been told.

    Periods that ended while no server ran are closed when one runs again.
    """
    await _begin_last()
    over = Board.filter(closed_at__isnull=True, before__lte=clock.business_date())
    for board in await over.order_by("before", "id"):
        end = midnight(board.before)
        if clock.now() >= end + GRACE and await events.are_told(before=end):
            await _finish(board)


async def forget() -> None:
    """Due work: boards that nobody looks at any more."""
    for span, kept in KEPT.items():
        old = Board.filter(span=span, closed_at__isnull=False)
        await old.filter(before__lt=clock.business_date() - kept).delete()


async def _begin_last() -> None:
    """A period in which nobody did anything is closed, too."""
    today = clock.business_date()
    last = {
        board.id: board
        for board in (kind.on(kind.on(today).period.last.begins_on) for kind in KINDS)
    }
    there = await Board.filter(id__in=[*last]).values_list("id", flat=True)
    if missing := [last[id] for id in last.keys() - {*there}]:
        await inserts.add(missing, unless_there=True)


async def _finish(board: Board) -> None:
    if board.scope is Scope.TEAMS:
        await team_scores.review(board)
    await _close(board)


@transaction
async def _close(board: Board) -> None:
    """Whoever gets to close it tells of it; a score that came in between is settled first."""
    if await DueTeam.filter(board_id=board.id).exists():
        return
    now, is_open = clock.now(), Board.filter(id=board.id, closed_at__isnull=True)
    if await is_open.update(closed_at=now) and await Score.filter(board_id=board.id).exists():
        await events.record(
            "board.closed",
            board=board.id,
            measure=board.measure,
            scope=board.scope,
            span=board.span,
            begins_on=board.begins_on.isoformat(),
        )
