"""What is asked while others wait for the same is asked for all of them together.

A statement costs its way to the database and back however little it asks, and a busy process sends
the same one for many at once. All who come in one moment go together; all who come meanwhile go
together, next. So each is told what stood after it had asked.
"""

import asyncio
from asyncio import AbstractEventLoop, Future, TimerHandle
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from functools import wraps
from itertools import islice
from typing import Generic, TypeVar

from core import transactions

Key = TypeVar("Key")
Value = TypeVar("Value")
Batch = Callable[[Sequence[Key]], Awaitable[Sequence[Value]]]

MOST = 64
"""that go together"""

PATIENCE = 0.1
"""seconds, after which nobody waits any more for those under way"""


class Apart(Exception):
    """Together they failed: now each for itself."""


class Together(Generic[Key, Value]):
    def __init__(
        self,
        function: Batch[Key, Value],
        *,
        again: bool = False,
        patience: float = PATIENCE,
    ) -> None:
        """The function answers each key, in their order.

        If `again`, what failed for many is asked again for each alone; to be asked twice must then
        be the same as once.
        """
        self.function = function
        self.again = again
        self.patience = patience
        self.waiting: list[tuple[Key, Future[Value]]] = []
        self.loop: AbstractEventLoop | None = None  # in which somebody is under way
        self.timer: TimerHandle | None = None  # when nobody waits for them any more
        self.tasks: set[asyncio.Task[None]] = set()

    async def ask(self, key: Key) -> Value:
        """Raises what the function raises, to all who went together."""
        if transactions.is_open():
            return await self._alone(key)  # by its own connection
        loop = asyncio.get_running_loop()
        future: Future[Value] = loop.create_future()
        if self.loop is not loop:
            self.loop, self.timer, self.waiting = loop, None, []
            self._begin()
        self.waiting.append((key, future))
        with suppress(Apart):
            return await future
        return await self._alone(key)

    async def _alone(self, key: Key) -> Value:
        [value] = await self.function([key])
        return value

    def _begin(self) -> None:
        """For those who wait; in a task, for none of them may take the others along."""
        task = asyncio.create_task(self._take_turns())
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def _take_turns(self) -> None:
        while these := self._next():
            self._stop_timer()
            self.timer = asyncio.get_running_loop().call_later(self.patience, self._begin)
            await self._answer(these)
        self._stop_timer()
        self.loop = None

    def _stop_timer(self) -> None:
        if self.timer:
            self.timer.cancel()

    def _next(self) -> list[tuple[Key, Future[Value]]]:
        waiting = [one for one in self.waiting if not one[1].done()]  # but for who is gone
        self.waiting = waiting[MOST:]
        return waiting[:MOST]

    async def _answer(self, these: Sequence[tuple[Key, Future[Value]]]) -> None:
        try:
            values = await self.function([key for key, _ in these])
            for (_, future), value in zip(these, values, strict=True):
                if not future.done():
                    future.set_result(value)
        except Exception as error:  # noqa: BLE001  # told to each
            told = Apart() if self.again and len(these) > 1 else error
            for _, future in these:
                if not future.done():
                    future.set_exception(told)
        finally:
            for _, future in these:
                future.cancel()  # where even this was cut off


def together(batch: Batch[Key, Value]) -> Batch[Key, Value]:
    """Let all who call this at the same time be answered at once, whatever their keys; who asks
    must not matter."""

    async def of_all(asked: Sequence[Sequence[Key]]) -> list[list[Value]]:
        values = iter(await batch([key for keys in asked for key in keys]))
        return [[*islice(values, len(keys))] for keys in asked]

    everybody = Together(of_all)

    @wraps(batch)
    async def of_keys(keys: Sequence[Key]) -> Sequence[Value]:
        return await everybody.ask(keys)

    return of_keys
