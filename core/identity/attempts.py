"""Attempts: how often an account, an address or a phone may try, whatever process it reaches."""

import asyncio
import hmac
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import ip_address, ip_network
from math import ceil
from typing import Literal, Protocol
from weakref import WeakValueDictionary

from tortoise import fields
from tortoise.models import Model

from core import clock
from core.crypto import keys
from core.database import inserts
from core.errors import Busy, Unauthenticated
from core.text import Text
from core.transactions import transaction

MINUTE, HOUR = 60, 3600  # seconds
HOUSEHOLD = 64  # the bits of an IPv6 address that belong to one subscriber

Who = Literal[
    "account", "activation", "address", "applicant", "applying", "asking", "confirming", "phone"
]


class Attempts(Model):
    key = fields.CharField(max_length=64, primary_key=True, description="keyed hash of who tried")
    times: list[float] = fields.JSONField(description="when, in seconds since 1970")
    kept_until: datetime = fields.DatetimeField(db_index=True)

    class Meta:
        table = "attempts"


class TooManyTries(Busy):
    text = Text(
        "Too many tries. Please wait {retry_after} seconds.",
        "尝试次数过多，请在 {retry_after} 秒后再试。",
        "嘗試次數過多，請在 {retry_after} 秒後再試。",
    )


class Limit(Protocol):
    def wait(self, times: Sequence[float], now: float) -> float:
        """Seconds until another attempt is allowed, given those of the last hour; 0 if it is."""


@dataclass(frozen=True)
class AtMost:
    """So many in any stretch of that many seconds."""

    times: int
    within: int

    def wait(self, times: Sequence[float], now: float) -> float:
        recent = [time for time in times if time > now - self.within]
        return recent[-self.times] + self.within - now if len(recent) >= self.times else 0


@dataclass(frozen=True)
class Slower:
    """So many in an hour; then a minute's wait, which doubles with every further one."""

    free: int

    def wait(self, times: Sequence[float], now: float) -> float:
        further = len(times) - self.free
        return max(0, times[-1] + MINUTE * 2**further - now) if further >= 0 else 0


LIMITS: dict[Who, tuple[Limit, ...]] = {
    "account": (Slower(10),),  # wrong passwords
    "activation": (Slower(10),),  # wrong activation codes: not those of whom others lock out
    "address": (AtMost(6, MINUTE), AtMost(30, HOUR)),  # wrong passwords and codes
    "applicant": (AtMost(1, MINUTE), AtMost(5, HOUR)),  # codes sent to a phone that applies
    "applying": (AtMost(60, HOUR),),  # codes that candidates of one address ask for
    "asking": (AtMost(60, HOUR),),  # codes that one address asks for
    "confirming": (AtMost(30, MINUTE), AtMost(300, HOUR)),  # candidates' forms of one address
    "phone": (AtMost(1, MINUTE), AtMost(5, HOUR)),  # codes sent to it
}

PLACES = {"address", "applying", "asking", "confirming"}

_turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()


@transaction
async def count(who: Who, name: str) -> None:
    """Count an attempt before its outcome is known. Raises TooManyTries and counts nothing."""
    held = await _held(_key(who, name))
    _refuse(who, held.times)
    await _save(held, [*held.times, _now()])


async def forget(who: Who, name: str) -> None:
    """It was the right one: what went before was a slip."""
    await Attempts.filter(key=_key(who, name)).update(times=[])


@asynccontextmanager
async def failures(address: str) -> AsyncIterator[None]:
    """Around a sign-in: counts it if it fails. Raises TooManyTries.

    People of one office share an address, so what succeeds must not count; therefore an address
    has one try at a time, or else many at once would all come before the first failure counts.
    """
    key = _key("address", address)
    async with _turns.setdefault(key, asyncio.Lock()):
        known = await Attempts.get_or_none(key=key)
        _refuse("address", _recent(known.times) if known else [])
        try:
            yield
        except Unauthenticated:
            await _add(key)
            raise


async def sweep() -> None:
    """Due work: drop what no limit looks at any more."""
    await Attempts.filter(kept_until__lt=clock.now()).delete()


def _refuse(who: Who, times: Sequence[float]) -> None:
    wait = max(limit.wait(times, _now()) for limit in LIMITS[who])
    if wait > 0:
        raise TooManyTries(retry_after=ceil(wait))


@transaction
async def _add(key: str) -> None:
    held = await _held(key)
    await _save(held, [*held.times, _now()])


async def _held(key: str) -> Attempts:
    """The row, which nobody else changes before this transaction ends."""
    until = datetime.fromtimestamp(_now() + HOUR, UTC)
    while not await Attempts.filter(key=key).update(kept_until=until):
        first = Attempts(key=key, times=[], kept_until=until)
        if await inserts.added(first):
            return first
    held = await Attempts.get(key=key)
    held.times = _recent(held.times)
    return held


async def _save(held: Attempts, times: list[float]) -> None:
    await Attempts.filter(key=held.key).update(times=times)


def _recent(times: Sequence[float]) -> list[float]:
    return [time for time in times if time > _now() - HOUR]


def _now() -> float:
    return clock.now().timestamp()


def _place(address: str) -> str:
    """Where an address is: IPv6 gives everybody more addresses than could be counted."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    return str(ip_network((found, HOUSEHOLD), strict=False)) if found.version > 4 else address  # noqa: PLR2004


def _key(who: Who, name: str) -> str:
    name = _place(name) if who in PLACES else name
    return hmac.new(keys.secret("token"), f"{who}:{name}".encode(), "sha256").hexdigest()
