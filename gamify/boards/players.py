"""Players: who could play. Who is away or gone is on no running board, and hurts no team."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from core import clock, pauses, people
from core.database.sql import Statement
from core.events import Event
from core.people import Person
from core.rosters.shifts import Shift
from core.transactions import transaction
from gamify.boards import scores
from gamify.boards.boards import Board, Scope
from gamify.boards.scores import Score
from gamify.boards.spans import DAY, Period, midnight

Members = dict[UUID, list[UUID]]

RUNNING = """FROM board JOIN board_score ON board_score.board_id = board.id
    JOIN person ON person.id = board_score.owner_id
    WHERE board.closed_at IS NULL AND board.scope = 'PEOPLE'"""
PAUSED = "pause.begins_on <= :today AND pause.ends_on > :today"
AWAY = Statement(
    f"""SELECT board_score.*, person.team_id
    FROM pause JOIN board ON board.closed_at IS NULL AND board.scope = 'PEOPLE'
    JOIN board_score ON board_score.board_id = board.id AND owner_id = pause.person_id
    JOIN person ON person.id = board_score.owner_id
    WHERE {PAUSED} AND is_out = FALSE""",
    Score,
)
BACK = Statement(
    f"""SELECT board_score.*, person.team_id {RUNNING} AND board_score.is_out = TRUE
    AND (person.left_on IS NULL OR person.left_on > :today)
    AND NOT EXISTS (SELECT 1 FROM pause WHERE pause.person_id = person.id AND {PAUSED})""",
    Score,
)
LEFT = Statement(
    f"SELECT board_score.*, person.team_id {RUNNING} AND person.id = :person AND is_out = FALSE",
    Score,
)


async def review() -> None:
    """Due work: who is away is left out until they are back; nobody is told why."""
    today = clock.business_date()
    for score, team_id in await AWAY.rows(today=today):
        await _rank(score, team_id, is_out=True)
    for score, team_id in await BACK.rows(today=today):
        await _rank(score, team_id, is_out=False)


async def leave(event: Event) -> None:
    """Subscriber: who has left is ranked no more."""
    person_id = UUID(event.payload["person"])
    if await people.has_left(person_id):
        for score, team_id in await LEFT.rows(person=person_id):
            await _rank(score, team_id, is_out=True)


async def of(team_ids: Sequence[UUID], period: Period) -> Members:
    """By team: who works there and could play, in what has gone by of a period.

    Not who was away for half of it or more, nor who had no shift while their colleagues had.
    """
    since, before = period.begins_on, min(period.before, clock.business_date() + DAY)
    here = Person.filter(people.employed(), team_id__in=team_ids)
    rows = await here.values_list("id", "team_id", "hired_on")
    team_of = {id: team for id, team, hired_on in rows if not hired_on or hired_on < before}
    worked = await _worked([*team_of], Period(period.span, since, before))
    rostered = {team_of[id] for id in worked}
    found: Members = {id: [] for id in team_ids}
    for id, away in zip(team_of, await pauses.days([*team_of], since, before), strict=True):
        team = team_of[id]
        if away * 2 < (before - since).days and (team not in rostered or id in worked):
            found[team].append(id)
    return found


async def _worked(person_ids: Sequence[UUID], period: Period) -> set[UUID]:
    """Who had a shift that began in the period."""
    begun = Shift.filter(
        person_id__in=person_ids,
        begins_at__gte=midnight(period.begins_on),
        begins_at__lt=midnight(period.before),
    )
    worked: Sequence[Any] = await begun.distinct().values_list("person_id", flat=True)
    return {*worked}


@transaction
async def _rank(score: Score, team_id: UUID | None, *, is_out: bool) -> None:
    if not await scores.held(score.board_id):
        return
    if await Score.filter(id=score.id, is_out=not is_out).update(is_out=is_out):
        await score.refresh_from_db(["value"])
        was, now = (score.value, 0) if is_out else (0, score.value)
        await scores.move(score.board_id, was, now)
        await scores.note(score.owner_id, [score.board_id])
        if team_id:
            board = await Board.get(id=score.board_id)
            await scores.make_due(board.beside(Scope.TEAMS).id, team_id)
