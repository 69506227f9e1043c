"""Access tokens: what messengers know us by for an hour or two."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from core import clock

EARLY = timedelta(minutes=5)  # before its end, when a token is renewed


class Granted(NamedTuple):
    token: str
    seconds: int


class AccessTokens:
    """One token for all who send; of many who find it gone, one asks for the next."""

    def __init__(self, grant: Callable[[], Awaitable[Granted]]) -> None:
        self._grant = grant
        self._token = ""
        self._until = datetime.min.replace(tzinfo=clock.EPOCH.tzinfo)
        self._asking = asyncio.Lock()

    async def current(self) -> str:
        """Raises NotReachable."""
        async with self._asking:
            if not self._token or clock.now() >= self._until - EARLY:
                self._token, seconds = await self._grant()
                self._until = clock.now() + timedelta(seconds=seconds)
            return self._token

    def drop(self, token: str) -> None:
        """It was not accepted, though its time had not come."""
        if token == self._token:
            self._token = ""
