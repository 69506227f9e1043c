"""Places: the first ones of a board, and the reader's own with those around it.

Whoever has the least is on no list but their own, so no list shows who is last; nor does anything
tell how many are ranked.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import takewhile
from typing import NamedTuple
from uuid import UUID

from core import clock
from core.database.sql import Statement
from core.people import Person, Team
from gamify.boards import boards, sorted_sets
from gamify.boards.boards import Board, Kind, Measure, Scope
from gamify.boards.scores import UNIT
from gamify.boards.spans import Span

BESIDE = 3  # places above one's own, and below
NOBODY = UUID(int=0)


class Place(NamedTuple):
    """Of a person, null where they are not named, or of a team."""

    rank: int
    score: float
    person: Person | None
    team: Team | None
    is_viewers: bool


class Standing(NamedTuple):
    """A board as somebody sees it."""

    board: Board
    places: Sequence[Place]
    viewer_places: Sequence[Place]

    @property
    def measure(self) -> Measure:
        return self.board.measure

    @property
    def scope(self) -> Scope:
        return self.board.scope

    @property
    def span(self) -> Span:
        return self.board.span

    @property
    def begins_on(self) -> date:
        return self.board.begins_on

    @property
    def ends_on(self) -> date:
        return self.board.ends_on

    @property
    def is_closed(self) -> bool:
        return self.board.is_closed

    @property
    def viewer_place(self) -> Place | None:
        return next((place for place in self.viewer_places if place.is_viewers), None)


class Found(NamedTuple):
    """A row of the statement; `shared_by` so many that have as much."""

    owner: Person | Team | None
    list: int
    value: int
    shared_by: int
    is_own: bool
    is_named: bool
    own_rank: int | None


TOP, ABOVE, OWN, BELOW = range(4)

NAMED = """person.left_on IS NULL OR person.left_on > :today) AND NOT EXISTS (
    SELECT 1 FROM hidden_name WHERE hidden_name.person_id = person.id"""
RANKED = "board_id = :board AND is_out = FALSE AND value > 0"
OTHERS = "(value > (SELECT lowest FROM edge) OR (SELECT highest = lowest FROM edge))"
OWN_PLACE = "((SELECT value FROM own), (SELECT id FROM own))"
#: With a bound of its own, for a scan begins at the bound of a column, not at that of a row.
UP = f"board_id = :board AND is_out = FALSE AND value >= (SELECT value FROM own) AND {OTHERS}"


def _statement(table: str, model: type[Person | Team], named: str) -> Statement:
    return Statement(
        f"""
        WITH edge AS (
            SELECT MIN(value) AS lowest, MAX(value) AS highest FROM board_level
            WHERE board_id = :board AND count > 0
        ), own AS (SELECT * FROM board_score WHERE {RANKED} AND owner_id = :owner),
        listed AS (
            SELECT * FROM (SELECT {TOP} AS list, value, id, owner_id FROM board_score
                WHERE {RANKED} AND {OTHERS} ORDER BY value DESC, id DESC LIMIT :most) AS first
            UNION ALL
            SELECT * FROM (SELECT {ABOVE} AS list, value, id, owner_id FROM board_score
                WHERE {UP} AND (value, id) > {OWN_PLACE}
                ORDER BY value, id LIMIT {BESIDE}) AS above
            UNION ALL SELECT {OWN}, value, id, owner_id FROM own
            UNION ALL
            SELECT * FROM (SELECT {BELOW} AS list, value, id, owner_id FROM board_score
                WHERE {RANKED} AND {OTHERS} AND (value, id) < {OWN_PLACE}
                ORDER BY value DESC, id DESC LIMIT {BESIDE}) AS below
        )
        SELECT {table}.*, list, listed.value, board_level.count, owner_id = :owner, ({named}),
            CASE WHEN list = {OWN} THEN 1 + COALESCE((SELECT SUM(count) FROM board_level
                WHERE board_id = :board AND value > listed.value), 0) END
        FROM listed
        JOIN board_level ON board_level.board_id = :board AND board_level.value = listed.value
        LEFT JOIN {table} ON {table}.id = owner_id
        ORDER BY CASE list WHEN {TOP} THEN 0 ELSE 1 END, listed.value DESC, listed.id DESC
        """,
        model,
    )


STATEMENTS = {
    Scope.PEOPLE: _statement("person", Person, NAMED),
    Scope.TEAMS: _statement("team", Team, "1 = 1"),
}
NAMES = {
    scope: Statement(
        f"""SELECT {table}.*, board_score.id, ({named})
        FROM board_score LEFT JOIN {table} ON {table}.id = owner_id
        WHERE board_score.id = ANY(:ids)""",
        model,
    )
    for scope, table, model, named in (
        (Scope.PEOPLE, "person", Person, NAMED),
        (Scope.TEAMS, "team", Team, "1 = 1"),
    )
}


async def standing(kind: Kind, on: date | None, *, first: int, viewer: Person) -> Standing:
    """The running board, or that of the period that held a day. Raises NotYet."""
    owner = (viewer.id if kind.scope is Scope.PEOPLE else viewer.team_id) or NOBODY
    board, score_id = await boards.found(kind, on, owner=owner)
    return await of(board, owner, score_id or NOBODY, first=first)


async def of(
    board: Board, owner: UUID = NOBODY, score_id: UUID = NOBODY, *, first: int
) -> Standing:
    """As a person, a team or nobody sees it."""
    found = await _mirrored(board, score_id, first)
    if found is None:
        given = {"board": board.id, "owner": owner, "most": first}
        rows = await STATEMENTS[board.scope].rows(**given, today=clock.business_date())
        found = [Found(*row) for row in rows]
    top = [one for one in found if one.list == TOP]
    around = [one for one in found if one.list != TOP]
    return Standing(board, [*_ranked(top, 1)], [*_ranked(around, _first_rank(around))])


async def _mirrored(board: Board, own: UUID, first: int) -> list[Found] | None:
    """From Redis, with the names from the database; None where Redis does not know."""
    if not sorted_sets.may_be_read(board):
        return None
    listed = await sorted_sets.read(board, own, first=first, beside=BESIDE)
    if listed is None:
        return None
    ids = [one.score_id for one in listed]
    rows = await NAMES[board.scope].rows(ids=ids, today=clock.business_date())
    known = {UUID(str(id)): (one, named) for one, id, named in rows}
    return [
        Found(
            known[one.score_id][0],
            one.list,
            one.value,
            one.shared_by,
            one.score_id == own,
            known[one.score_id][1],
            one.own_rank,
        )
        for one in listed
        if one.score_id in known
    ]


def _ranked(found: Iterable[Found], rank: int) -> Iterable[Place]:
    """Those who share a value share a rank."""
    before: Found | None = None
    for one in found:
        if before and one.value != before.value:
            rank += before.shared_by
        before = one
        yield _place(one, rank)


def _first_rank(around: Sequence[Found]) -> int:
    """The rank of the first, told from one's own."""
    own = next((one for one in around if one.own_rank), None)
    if own is None:
        return 0
    above = {
        one.value: one.shared_by for one in takewhile(lambda one: one.value > own.value, around)
    }
    return int(own.own_rank or 0) - sum(above.values())


def _place(found: Found, rank: int) -> Place:
    owner = found.owner if found.is_named or found.is_own else None
    person, team = (owner, None) if isinstance(owner, Person) else (None, owner)
    return Place(rank, found.value / UNIT, person, team, bool(found.is_own))
