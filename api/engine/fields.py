"""How a field finds its value: in its row, by a batch for all rows of a level, or as a root."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from graphql import GraphQLError

from api.engine.arguments import Arguments
from api.engine.levels import Call, Wish
from api.engine.places import Place
from api.engine.shapes import Leaf, OutOfOrder, Shape, pick
from api.engine.told import Told
from api.views import Batch
from api.who import Who
from core.errors import Refused
from core.pages import Standing

if TYPE_CHECKING:
    from api.engine.run import Run

Read = Callable[[Any], Any]
Rows: TypeAlias = Sequence[Any]
Outs: TypeAlias = Sequence[dict[str, Any] | Told]
Places: TypeAlias = Sequence[Place]


@dataclass(frozen=True, eq=False, slots=True)
class Field:
    """A field as an operation asks for it; `key` is its name in the answer."""

    key: str
    shape: Shape

    def put(self, row: Any, out: dict[str, Any], place: Place | None, run: "Run") -> None:
        """Put the row's value, or what holds its place until the batch is there, into `out`."""
        raise NotImplementedError

    def column(self, rows: Rows, places: Places, run: "Run") -> Sequence[Any]:
        """The values for many rows, or what holds their places until `put_all`.

        Raises, as does `put_all`, where one of them is not in order.
        """
        return [None] * len(rows)

    def put_all(self, rows: Rows, out: Outs, places: Places, run: "Run") -> None:
        """Put the values for many rows, as far as `column` did not tell them, into `out`."""

    def batched(self) -> Iterator["Batched"]:
        """What of it is asked of its row, or of rows that stand in it."""
        yield from self.shape.batched()

    def steady(self, run: "Run | None" = None) -> bool:
        """Whether its row and the reader's language alone decide what it tells.

        Of a page in a run: the page, with all that was brought along with it.
        """
        return False

    def stands(self, row: Any, run: "Run") -> bool:
        """Whether it tells the same as long as this row stands."""
        return self.steady(run if isinstance(row, Standing) else None)

    def within(self, out: Outs, places: Places) -> list[Place]:
        """Where its values stand."""
        key, nullable = self.key, self.shape.nullable
        return [(place, one, key, nullable) for place, one in zip(places, out, strict=True)]


@dataclass(frozen=True, eq=False, slots=True)
class Plain(Field):
    """The value stands in the row."""

    read: Read
    own: bool  # it follows from the row alone

    def steady(self, run: "Run | None" = None) -> bool:
        return self.own and self.shape.steady(run)

    def put(self, row: Any, out: dict[str, Any], place: Place | None, run: "Run") -> None:
        where = (place, out, self.key, self.shape.nullable)
        out[self.key] = self.shape.complete(self.read(row), where, run)

    def put_all(self, rows: Rows, out: Outs, places: Places, run: "Run") -> None:
        values = [*map(self.read, rows)]
        key, column = self.key, self.shape.column(values, self.within(out, places), run)
        for one, value in zip(out, column, strict=True):
            one[key] = value


@dataclass(frozen=True, eq=False, slots=True)
class PlainLeaf(Field):
    """As Plain, but faster: most fields are of this kind."""

    shape: Leaf
    read: Read
    own: bool

    def steady(self, run: "Run | None" = None) -> bool:
        return self.own

    def put(self, row: Any, out: dict[str, Any], place: Place | None, run: "Run") -> None:
        value = self.read(row)
        if type(value) is not self.shape.exact:
            value = self.shape.complete(value, place, run)
        out[self.key] = value

    def column(self, rows: Rows, places: Places, run: "Run") -> Sequence[Any]:
        return self.shape.column([*map(self.read, rows)], places, run)


@dataclass(frozen=True, eq=False, slots=True)
class Batched(Field):
    batch: Batch
    arguments: Arguments

    def announce(self, run: "Run") -> None:
        with suppress(GraphQLError, Refused):  # told in its place
            run.context.ahead.ask(self.batch.function, self.arguments.given(run.variables))

    def batched(self) -> Iterator["Batched"]:
        yield self

    def steady(self, run: "Run | None" = None) -> bool:
        brought = run is not None and run.was_brought(self)
        return self._tells_the_same(run) and (self.batch.steady or brought)

    def stands(self, row: Any, run: "Run") -> bool:
        if self.batch.key_of(row) is None:
            return True
        return self._tells_the_same() and (self.batch.steady or self._was_steady(row, run))

    def _tells_the_same(self, run: "Run | None" = None) -> bool:
        """As long as what the batch answers is the same."""
        return self.arguments.fixed is not None and self.shape.steady(run)

    def _was_steady(self, row: Any, run: "Run") -> bool:
        given = self.arguments.given(run.variables)
        return run.context.ahead.is_steady(self.batch.function, given, row.id)

    def put(self, row: Any, out: dict[str, Any], place: Place | None, run: "Run") -> None:
        out[self.key] = None
        where = (place, out, self.key, self.shape.nullable)
        if (key := self.batch.key_of(row)) is None:
            self.shape.complete(None, where, run)
        else:
            run.level.want(self, key, where, run)

    def put_all(self, rows: Rows, out: Outs, places: Places, run: "Run") -> None:
        keys, within = self.batch.keys_of(rows), self.within(out, places)
        if self.batch.key and None in keys:
            if not self.shape.nullable:
                raise OutOfOrder
            there = [index for index, key in enumerate(keys) if key is not None]
            keys, within = pick(keys, there), pick(within, there)
        if keys:
            run.wishes.append((self, keys, within))


@dataclass(frozen=True, eq=False, slots=True)
class Root(Field):
    """The value is what a function answers, once."""

    function: Callable[..., Any]
    arguments: Arguments
    following: Sequence[Batched] = ()  # what is asked of its rows, if it wants to know

    def put(self, row: Any, out: dict[str, Any], place: Place | None, run: "Run") -> None:
        given = self.arguments.given(run.variables)

        async def values(_: Sequence[Any]) -> Sequence[Any]:
            for field in self.following:
                field.announce(run)
            return [await self.function(run.context, **given)]

        out[self.key] = None
        where = (place, out, self.key, self.shape.nullable)
        run.level.calls[self] = Call(values, [Wish(self.shape, [row], [where])])


@dataclass(frozen=True, eq=False, slots=True)
class Withheld(Field):
    """Null for all whom the policy does not name."""

    field: Field
    who: Who

    def batched(self) -> Iterator[Batched]:
        yield from ()  # nothing may be read for those it is withheld from

    def put(self, row: Any, out: dict[str, Any], place: Place | None, run: "Run") -> None:
        if self.who.holds(run.context.viewer, row):
            self.field.put(row, out, place, run)
        else:
            out[self.key] = None

    def put_all(self, rows: Rows, out: Outs, places: Places, run: "Run") -> None:
        seen = [index for index, row in enumerate(rows) if self.who.holds(run.context.viewer, row)]
        some = pick(rows, seen), pick(out, seen), pick(places, seen)
        told = self.field.column(some[0], some[2], run)
        for one, value in zip(some[1], told, strict=True):
            one[self.key] = value
        self.field.put_all(*some, run)
