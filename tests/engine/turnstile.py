"""Lets batches through one at a time, so that graphql-core's order of errors is always the same.

What came in first is let through first, and what it leads to is over before the next one goes: as
if a database took far longer than a few turns of the event loop. Calls of one batch with the same
arguments go together, level by level.
"""

import asyncio
from typing import Any

TURNS = 40  # of the event loop, in which nulls climb and the next level gets in line


class Turnstile:
    def __init__(self) -> None:
        self.waiting: list[tuple[Any, asyncio.Future[None]]] = []
        self.keeper: asyncio.Task[None] | None = None

    async def pass_(self, which: Any) -> None:
        mine = asyncio.get_running_loop().create_future()
        self.waiting.append((which, mine))
        if self.keeper is None or self.keeper.done():
            self.keeper = asyncio.create_task(self._keep())
        await mine

    async def _keep(self) -> None:
        await self._quiet()
        while self.waiting:
            level, self.waiting = self.waiting, []
            first = [which for which, _ in level]
            for _, one in sorted(level, key=lambda waiting: first.index(waiting[0])):
                if not one.cancelled():
                    one.set_result(None)
                    await self._quiet()

    async def _quiet(self) -> None:
        for _ in range(TURNS):
            await asyncio.sleep(0)
