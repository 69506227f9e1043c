"""Listings: which scores a board shows, those that come first and those around each reader's own.

Whoever has the least is on no list but their own, so no list shows who is last.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from core import clock, settings
from core.database import versions
from core.database.sql import Statement
from gamify.boards import sorted_sets
from gamify.boards.boards import Board, Scope

BESIDE = 3  # places above one's own, and below


class Listed(NamedTuple):
    """A score on a list; `shared_by` so many that have as much."""

    seat: UUID | None
    """around whose own it stands; None among the first"""
    id: UUID
    value: int
    shared_by: int
    own_rank: int | None
    """of a reader's own"""
    owner_id: UUID
    is_named: bool
    version: str | None
    """of the owner's row, where the database tells of it"""


class Listing(NamedTuple):
    is_closed: bool
    listed: Sequence[Listed]
    """those that come first, then those around each of the owners, from the top down"""


NAMED = """((person.left_on IS NULL OR person.left_on > :today) AND NOT EXISTS (
    SELECT 1 FROM hidden_name WHERE hidden_name.person_id = person.id))"""
LAST = UUID(int=2**128 - 1)

#: Each begins and ends where the index does, however many have as much or the least.
SCORES = "FROM board_score WHERE board_id = :board AND is_out = FALSE"
FIRST = f"{SCORES} AND value > (SELECT floor FROM edge) ORDER BY value DESC, id DESC LIMIT :most"
ABOVE = f"{SCORES} AND (value, id) > (own.value, own.above) ORDER BY value, id LIMIT {BESIDE}"
BELOW = f"""{SCORES} AND value > (SELECT floor FROM edge) AND (value, id) < (own.value, own.id)
    ORDER BY value DESC, id DESC LIMIT {BESIDE}"""

LATERAL = "JOIN LATERAL (SELECT id, value, owner_id {0}) AS near ON TRUE"
WITHIN = "JOIN board_score AS near ON near.id IN (SELECT id {0})"  # as SQLite has it


def _listed(table: str, named: str, version: str, join: str) -> str:
    near = "SELECT own.owner_id, near.id, near.value, near.owner_id, NULL FROM own"
    return f"""
    WITH edge AS (
        SELECT CASE WHEN MIN(value) < MAX(value) THEN MIN(value) ELSE 0 END AS floor
        FROM board_level WHERE board_id = :board AND count > 0
    ), own AS (
        SELECT id, value, owner_id,
            CASE WHEN value > (SELECT floor FROM edge) THEN id ELSE '{LAST}' END AS above,
            1 + COALESCE((SELECT SUM(count) FROM board_level
                WHERE board_id = :board AND value > board_score.value), 0) AS rank
        {SCORES} AND value > 0 AND owner_id = ANY(:owners)
    ), listed AS (
        SELECT * FROM (SELECT CAST(NULL AS uuid) AS seat, id, value, owner_id,
            CAST(NULL AS bigint) AS rank {FIRST}) AS first
        UNION ALL {near} {join.format(ABOVE)}
        UNION ALL SELECT owner_id, id, value, owner_id, rank FROM own
        UNION ALL {near} {join.format(BELOW)}
    )
    SELECT closed_at IS NOT NULL,
        seat, listed.id, listed.value, board_level.count, rank, owner_id, {named}, {version}
    FROM board LEFT JOIN (listed
        JOIN board_level ON board_level.board_id = :board AND board_level.value = listed.value
        LEFT JOIN {table} ON {table}.id = owner_id
    ) ON TRUE
    WHERE board.id = :board
    ORDER BY seat NULLS FIRST, listed.value DESC, listed.id DESC
    """


def _owners(table: str, named: str, version: str) -> str:
    return f"""
    SELECT board_score.id, owner_id, {named}, {version}
    FROM board_score LEFT JOIN {table} ON {table}.id = owner_id WHERE board_score.id = ANY(:ids)
    """


NAMES = {Scope.PEOPLE: ("person", NAMED), Scope.TEAMS: ("team", "1 = 1")}
LISTED = {
    scope: Statement(
        _listed(*names, versions.of(names[0]), LATERAL), sqlite=_listed(*names, "NULL", WITHIN)
    )
    for scope, names in NAMES.items()
}
OWNERS = {
    scope: Statement(_owners(*names, versions.of(names[0])), sqlite=_owners(*names, "NULL"))
    for scope, names in NAMES.items()
}


#: With the scores of those who ask.
FOUND = Statement(
    """
    SELECT board.*, board_score.owner_id, board_score.id
    FROM board LEFT JOIN board_score
    ON board_score.board_id = board.id AND board_score.owner_id = ANY(:owners)
    WHERE board.id = :board
    """,
    Board,
)


async def read(board_id: UUID, scope: Scope, owner_ids: Sequence[UUID], *, first: int) -> Listing:
    asked = {"board": board_id, "owners": {*owner_ids}}
    if settings.current().redis and (mirrored := await _mirrored(scope, first, asked)) is not None:
        return Listing(is_closed=False, listed=mirrored)
    rows = await LISTED[scope].rows(**asked, most=first, today=clock.business_date())
    is_closed = bool(rows and rows[0][0])
    return Listing(is_closed, [Listed._make(row[1:]) for row in rows if row[2]])


async def _mirrored(scope: Scope, first: int, asked: Mapping[str, Any]) -> list[Listed] | None:
    """From Redis, with the owners from the database; None where Redis does not know."""
    rows = await FOUND.rows(**asked)
    if not rows:
        return None
    seats = {UUID(str(owner)): UUID(str(id)) for _, owner, id in rows if id}
    found = await sorted_sets.read(rows[0][0], seats, first=first, beside=BESIDE)
    if found is None:
        return None
    ids = {one.id for one in found}
    named = await OWNERS[scope].rows(ids=ids, today=clock.business_date())
    owners = {UUID(str(id)): owner for id, *owner in named}
    return [Listed(*one, *owners[one.id]) for one in found if one.id in owners]
