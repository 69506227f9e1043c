"""What was read in one version of its rows need not be read again while they stand in it.

A row's version is its id, the transaction that wrote it and its place in the table: no two states
of one row have both in common while the database goes on by one history. (Two rows may: when a
table is packed, a row moves to where another stood.) A new connection may lead to a server that
took over with less of it, so with every one all is forgotten. SQLite tells no versions, and
nothing is kept there.
"""

from collections import OrderedDict
from collections.abc import Hashable, Iterable
from functools import cache
from typing import Any, Generic, TypeVar
from weakref import WeakSet

from tortoise.models import Model

Version = TypeVar("Version", bound=Hashable)
Value = TypeVar("Value")
Memos = dict[Any, Any]

TOLD = "told"

ROOM = 1000
"""rows kept of a model"""

STATE = "xmin", "ctid"
"""in SQL: what tells the states of one row apart, in PostgreSQL"""


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


def told(rows: Iterable[object]) -> list[Memos | None]:
    """What is told of each row, if it is kept."""
    return [getattr(row, TOLD, None) for row in rows]


class KeptModel(Model):
    """A row that is read by SQL text again and again is one object as long as it stands.

    Others see it, too: who is to change a row gets it by the ORM.
    """

    class Meta:
        abstract = True

    def __setattr__(self, name: str, value: object) -> None:
        if TOLD in vars(self):
            raise TypeError(f"this {type(self).__name__} is kept for others, too")
        super().__setattr__(name, value)


@cache
def rows(model: type[KeptModel]) -> Kept[tuple[Any, ...], Model]:
    """Those of a model, by id and state."""
    return Kept(room=ROOM)
