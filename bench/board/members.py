"""Members of a board: everybody has points this week, some as many as others."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from hashlib import sha256
from itertools import islice
from typing import Any

import asyncpg
from redis.asyncio import Redis

from api.composition import MODELS
from bench import company, loading
from bench.loading import Track
from bench.words import name
from core import clock
from core.database import migrations
from core.identity.sessions import Session
from core.people import Person
from gamify.boards.boards import Board, Kind, Measure, Scope
from gamify.boards.scores import UNIT, Level, Score
from gamify.boards.spans import DAY, Span

READERS = 64
LEVELS = 200  # different scores
AT_ONCE = 10_000

Row = tuple[object, ...]


def the_board() -> Board:
    return Kind(Measure.POINTS, Scope.PEOPLE, Span.WEEK).on(clock.business_date())


def points(member: int) -> int:
    """Many have few."""
    return 10 * (1 + member * 7919 % LEVELS * (member * 104_729 % LEVELS) // LEVELS)


async def load(url: str, members: int, track: Track) -> None:
    """Into an empty database; where members have as much, the order is that of their ids."""
    await migrations.migrate(url, MODELS)
    connection = await asyncpg.connect(url)
    board = the_board()
    tables = [
        (Person, "id number name", _people(members)),
        (Session, "id person_id token_hash device signed_in_at last_used_on", _sessions(members)),
        (Board, "id measure scope span begins_on before is_mirrored", [_board(board)]),
        (Score, "id board_id owner_id value", _scores(board, members)),
        (Level, "id board_id value count", _levels(board, members)),
    ]
    try:
        for model, columns, rows in tables:
            named = track(str(model._meta.db_table), rows)  # noqa: SLF001  # Tortoise's documented way
            await loading.copied(connection, model, columns.split(), named)
        await connection.execute("VACUUM ANALYZE")
    finally:
        await connection.close()


async def mirror(url: str, members: int) -> None:
    """The sorted sets: of Breakroom, and of whoever keeps people's ids in one."""
    board = the_board()
    ours = f"breakroom:board:{board.id.hex}"
    redis = Redis.from_url(url)
    everybody = iter(range(members))
    while some := [*islice(everybody, AT_ONCE)]:
        scores = {company.key("person", n): points(n) for n in some}
        async with redis.pipeline(transaction=False) as both:
            both.zadd(ours, {id.hex: value * UNIT for id, value in scores.items()})
            both.zadd(f"board:{board.id}", {str(id): value for id, value in scores.items()})
            await both.execute()
    await redis.set(f"{ours}:ready", 1, ex=7 * DAY)
    await redis.aclose()


def _people(members: int) -> Iterator[Row]:
    for n in range(members):
        yield company.key("person", n), f"B{n:07}", name(n)


def _sessions(members: int) -> Iterator[Row]:
    now, today = datetime.now(UTC), clock.business_date()
    for n in range(min(members, READERS)):
        known = sha256(company.token(n).encode()).hexdigest()
        yield company.key("session", n), company.key("person", n), known, "bench", now, today


def _board(board: Board) -> Row:
    return (*(board.id, *board.kind, board.begins_on, board.before), True)


def _scores(board: Board, members: int) -> Iterator[Row]:
    for n in range(members):
        id = company.key("person", n)
        yield id, board.id, id, points(n) * UNIT


def _levels(board: Board, members: int) -> Iterable[Any]:
    counts = Counter(points(n) * UNIT for n in range(members))
    for value, count in counts.items():
        yield company.key("level", value), board.id, value, count
