"""What was read in one version of its rows need not be read again while they stand in it.

A row's version is its id, the transaction that wrote it and its place in the table: no two states
of one row have both in common while the database goes on by one history. (Two rows may: when a
table is packed, a row moves to where another stood.) A new connection may lead to a server that
took over with less of it, so with every one all is forgotten. SQLite tells no versions, and
nothing is kept there.
"""

from collections import OrderedDict
from collections.abc import Hashable
from typing import Any, Generic, TypeVar
from weakref import WeakSet

Version = TypeVar("Version", bound=Hashable)
Value = TypeVar("Value")
Memos = dict[Any, Any]

TOLD = "told"


def of(table: str) -> str:
    """In SQL: the version of this table's row, in PostgreSQL."""
    return f"concat({table}.id, {table}.xmin, {table}.ctid)"


class Kept(Generic[Version, Value]):
    """The values read or used last, by version."""

    def __init__(self, *, room: int) -> None:
        self.room = room
        self.values: OrderedDict[Version, Value] = OrderedDict()
        EVERYTHING.add(self)

    def get(self, version: Version) -> Value | None:
        if version not in self.values:
            return None
        self.values.move_to_end(version)
        return self.values[version]

    def put(self, version: Version, value: Value) -> None:
        self.values[version] = value
        if len(self.values) > self.room:
            self.values.popitem(last=False)


EVERYTHING: WeakSet[Kept[Any, Any]] = WeakSet()


def forget() -> None:
    for kept in EVERYTHING:
        kept.values.clear()


def keep(row: object) -> None:
    """This object will be handed out again, unchanged: what is told of it may be kept with it."""
    vars(row)[TOLD] = {}


def told(row: object) -> Memos | None:
    """What is told of a row that is kept."""
    return getattr(row, TOLD, None)
