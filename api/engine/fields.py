"""How a field finds its value: in its row, by a batch for all rows of a level, or as a root."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from api.engine.arguments import Arguments
from api.engine.levels import Call
from api.engine.places import Place
from api.engine.shapes import Leaf, Shape
from api.policy import Who
from api.views import Batch

if TYPE_CHECKING:
    from api.engine.run import Run

Read = Callable[[Any], Any]


@dataclass(frozen=True, eq=False, slots=True)
class Field:
    """A field as an operation asks for it; `key` is its name in the answer."""

    key: str
    shape: Shape

    def put(self, row: Any, out: dict[str, Any], place: Place | None, run: "Run") -> None:
        """Put the row's value, or what holds its place until the batch is there, into `out`."""
        raise NotImplementedError


@dataclass(frozen=True, eq=False, slots=True)
class Plain(Field):
    """The value stands in the row."""

    read: Read

    def put(self, row: Any, out: dict[str, Any], place: Place | None, run: "Run") -> None:
        where = (place, out, self.key, self.shape.nullable)
        out[self.key] = self.shape.complete(self.read(row), where, run)


@dataclass(frozen=True, eq=False, slots=True)
class PlainLeaf(Field):
    """As Plain, but faster: most fields are of this kind."""

    shape: Leaf
    read: Read

    def put(self, row: Any, out: dict[str, Any], place: Place | None, run: "Run") -> None:
        value = self.read(row)
        if type(value) is not self.shape.exact:
            value = self.shape.complete(value, place, run)
        out[self.key] = value


@dataclass(frozen=True, eq=False, slots=True)
class Batched(Field):
    batch: Batch
    arguments: Arguments

    def put(self, row: Any, out: dict[str, Any], place: Place | None, run: "Run") -> None:
        out[self.key] = None
        where = (place, out, self.key, self.shape.nullable)
        run.level.want(self, self.batch.key_of(row), where, run)


@dataclass(frozen=True, eq=False, slots=True)
class Root(Field):
    """The value is what a function answers, once."""

    function: Callable[..., Any]
    arguments: Arguments

    def put(self, row: Any, out: dict[str, Any], place: Place | None, run: "Run") -> None:
        given = self.arguments.given(run.variables)

        async def values(_: Sequence[Any]) -> Sequence[Any]:
            return [await self.function(run.context, **given)]

        out[self.key] = None
        where = (place, out, self.key, self.shape.nullable)
        run.level.calls[self] = Call(values, [(row, self.shape, where)])


@dataclass(frozen=True, eq=False, slots=True)
class Withheld(Field):
    """Null for all whom the policy does not name."""

    field: Field
    who: Who

    def put(self, row: Any, out: dict[str, Any], place: Place | None, run: "Run") -> None:
        if self.who.holds(run.context.viewer, row):
            self.field.put(row, out, place, run)
        else:
            out[self.key] = None
