"""A shelf: what this process has just read, so that the next page need not ask for it again.

What another process changes is seen here within half a minute.
"""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Generic, TypeVar
from uuid import UUID

from core import clock

FRESH = timedelta(seconds=30)
MOST = 10_000  # people

Row = TypeVar("Row")


class Shelf(Generic[Row]):
    def __init__(self) -> None:
        self._kept: OrderedDict[UUID, tuple[datetime, Sequence[Row]]] = OrderedDict()

    async def of(
        self,
        ids: Sequence[UUID],
        read: Callable[[Sequence[UUID]], Awaitable[Mapping[UUID, Sequence[Row]]]],
    ) -> list[Sequence[Row]]:
        """What is kept here, and of all others what is read in one go."""
        now = clock.now()
        found = {id: rows for id in ids if (rows := self._fresh(id, now)) is not None}
        if missing := [*dict.fromkeys(id for id in ids if id not in found)]:
            fetched = await read(missing)
            for id in missing:
                found[id] = fetched.get(id, ())
                self._keep(id, now, found[id])
        return [found[id] for id in ids]

    def clear(self, id: UUID) -> None:
        self._kept.pop(id, None)

    def _fresh(self, id: UUID, now: datetime) -> Sequence[Row] | None:
        at, rows = self._kept.get(id, (now, None))
        return rows if at <= now < at + FRESH else None

    def _keep(self, id: UUID, at: datetime, rows: Sequence[Row]) -> None:
        self._kept[id] = at, rows
        while len(self._kept) > MOST:
            self._kept.popitem(last=False)
