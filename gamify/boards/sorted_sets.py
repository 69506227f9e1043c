"""Sorted sets: running boards in Redis, where there is one.

The database decides. A set follows it: whoever has written a score there looks whether it is still
so, and whatever could not be written makes the board be read from the database until it was filled
anew.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

import orjson
import structlog

from core import clock, settings
from core.events import Event
from gamify.boards.boards import Board
from gamify.boards.scores import Score
from gamify.boards.spans import DAY

if TYPE_CHECKING:
    from redis.asyncio import Redis
    from redis.commands.core import AsyncScript

log = structlog.get_logger(__name__)

BATCH = 1000
BUSY = timedelta(minutes=1)  # in which one process fills a set
KEPT = 2 * DAY  # after the period ended

#: The first ones, then around each seat: whose (its number, 0 of the first ones), member, value,
#: how many have as much, and the own rank. The least are left out, unless all have as much. As one
#: string, which is read at once.
READ = """
local key, first, beside = KEYS[1], tonumber(ARGV[1]), tonumber(ARGV[2])
if redis.call('EXISTS', KEYS[2]) == 0 then return false end
local edge = redis.call('ZRANGE', key, 0, 0, 'WITHSCORES')
local top = redis.call('ZREVRANGE', key, 0, 0, 'WITHSCORES')
local found, counts = {}, {}
local function take(seat, from, to, own)
  if to < from or to < 0 then return end
  local rows = redis.call('ZREVRANGE', key, math.max(from, 0), to, 'WITHSCORES')
  for i = 1, #rows, 2 do
    local value, rank = rows[i + 1], 0
    if own or value ~= edge[2] or top[2] == edge[2] then
      counts[value] = counts[value] or redis.call('ZCOUNT', key, value, value)
      if own then rank = 1 + redis.call('ZCOUNT', key, '(' .. value, '+inf') end
      found[#found + 1] = {seat, rows[i], value, counts[value], rank}
    end
  end
end
take(0, 0, first - 1)
for seat = 1, #ARGV - 2 do
  local place = redis.call('ZREVRANK', key, ARGV[seat + 2])
  if place then
    local above = place
    if top[2] ~= edge[2] then
      above = math.min(place, redis.call('ZCOUNT', key, '(' .. edge[2], '+inf'))
    end
    take(seat, above - beside, above - 1)
    take(seat, place, place, true)
    take(seat, place + 1, place + beside)
  end
end
return cjson.encode(found)
"""


class Ranked(NamedTuple):
    seat: UUID | None
    id: UUID
    value: int
    shared_by: int
    own_rank: int | None


async def follow(event: Event) -> None:
    """Subscriber: what Redis misses while it is away is filled in when it is back."""
    owner = UUID(event.payload["owner"])
    for id in map(UUID, event.payload["boards"].split()):
        try:
            await _write(id, await Score.filter(board_id=id, owner_id=owner))
        except _away():
            await Board.filter(id=id).update(is_mirrored=False)


def may_be_read(board: Board) -> bool:
    return bool(board.is_mirrored and not board.is_closed and settings.current().redis)


async def read(
    board: Board, seats: Mapping[UUID, UUID], *, first: int, beside: int
) -> list[Ranked] | None:
    """Around the scores of these owners; None where the database has to be asked."""
    if not may_be_read(board):
        return None
    members = [id.hex for id in seats.values()]
    try:
        found = await _script()(keys=_keys(board.id), args=(first, beside, *members))
    except _away():
        return None
    if found is None:
        return None
    whose = (None, *seats)
    return [_ranked(whose[seat], *row) for seat, *row in orjson.loads(found)]


async def fill() -> None:
    """Due work: running boards whose set is missing, or missed something."""
    if not settings.current().redis:
        return
    try:
        for board in await Board.filter(closed_at__isnull=True, before__gt=clock.business_date()):
            if not (board.is_mirrored and await _redis().exists(_keys(board.id)[1])):
                await _fill(board)
    except _away() as failure:
        log.warning("boards_not_mirrored", error=repr(failure))


async def _fill(board: Board) -> None:
    key, ready = _keys(board.id)
    if not await _redis().set(f"{key}:filling", 1, nx=True, ex=int(BUSY.total_seconds())):
        return
    await _redis().delete(ready, key)
    await Board.filter(id=board.id).update(is_mirrored=True)
    last = UUID(int=0)
    while rows := await Score.filter(board_id=board.id, id__gt=last).order_by("id").limit(BATCH):
        await _write(board.id, rows)
        last = rows[-1].id
    left = board.before - clock.business_date() + KEPT
    async with _redis().pipeline() as both:
        both.set(ready, 1, ex=left)
        both.expire(key, left)
        both.delete(f"{key}:filling")
        await both.execute()


async def _write(board_id: UUID, scores: Sequence[Score]) -> None:
    """Until what was written is what is there."""
    key, _ = _keys(board_id)
    while scores:
        ranked = {one.id.hex: one.value for one in scores if not one.is_out and one.value > 0}
        others = [one.id.hex for one in scores if one.id.hex not in ranked]
        async with _redis().pipeline() as both:
            if ranked:
                both.zadd(key, ranked)
            if others:
                both.zrem(key, *others)
            await both.execute()
        known = {one.id: (one.value, one.is_out) for one in scores}
        now = await Score.filter(id__in=[*known])
        scores = [one for one in now if known[one.id] != (one.value, one.is_out)]


def _ranked(seat: UUID | None, member: str, value: str, shared_by: int, own_rank: int) -> Ranked:
    return Ranked(seat, UUID(hex=member), int(value), shared_by, own_rank or None)


def _keys(board_id: UUID) -> tuple[str, str]:
    return f"breakroom:board:{board_id.hex}", f"breakroom:board:{board_id.hex}:ready"


def _redis() -> "Redis":
    chosen = settings.current()
    return _connected(chosen.redis, chosen.redis_protocol)


def _script() -> "AsyncScript":
    return _registered(_redis())


@cache
def _registered(redis: "Redis") -> "AsyncScript":
    """Sent once; then Redis knows it by its hash."""
    return redis.register_script(READ)


@cache
def _connected(url: str, protocol: int) -> "Redis":
    from core.redis_bus import connection  # noqa: PLC0415  # importing redis takes 0.3 s

    return connection(url, protocol)


def _away() -> tuple[type[Exception], ...]:
    from redis.exceptions import RedisError  # noqa: PLC0415  # as above

    return RedisError, OSError
