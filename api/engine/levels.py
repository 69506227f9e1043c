"""What the rows of one level want from batches: each is called once, for all of them."""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID

from strawberry.exceptions import WrongNumberOfResultsReturned

from api.engine import places
from api.engine.places import Place
from api.engine.shapes import Shape, pick
from core.errors import Refused

if TYPE_CHECKING:
    from api.engine.fields import Batched
    from api.engine.run import Run


@dataclass(slots=True)
class Wish:
    """Values wanted for keys, and where they go."""

    shape: Shape
    keys: list[Any]
    places: list[Place]

    def attached(self, data: object) -> "Wish":
        """What of it is wanted still."""
        there = [n for n, place in enumerate(self.places) if places.is_attached(place, data)]
        return Wish(self.shape, pick(self.keys, there), pick(self.places, there))


@dataclass(slots=True)
class Call:
    """One call of a batch, and what is wanted of it."""

    function: Callable[[list[Any]], Awaitable[Sequence[Any]]]
    wishes: list[Wish] = field(default_factory=list)
    brought: Mapping[UUID, Any] = field(default_factory=dict)  # by ids of rows
    has_read: bool = False

    async def values(self) -> Sequence[Any]:
        """A value or an exception for each key."""
        keys = [key for wish in self.wishes for key in wish.keys]
        if not self.brought:
            return await self._read(keys)
        ids = [getattr(key, "id", key) for key in keys]
        missing = [key for key, id in zip(keys, ids, strict=True) if id not in self.brought]
        read = iter(await self._read(missing) if missing else ())
        return [self.brought[id] if id in self.brought else next(read) for id in ids]

    async def _read(self, keys: list[Any]) -> Sequence[Any]:
        self.has_read = True
        try:
            values = list(await self.function(keys))
        except Exception as error:  # noqa: BLE001  # told in the answer
            return [error] * len(keys)
        if len(values) != len(keys):
            return [WrongNumberOfResultsReturned(len(keys), len(values))] * len(keys)
        return values


class Level:
    def __init__(self) -> None:
        self.calls: dict[Any, Call] = {}
        self.by_field: dict[Batched, Call] = {}

    def __bool__(self) -> bool:
        return bool(self.calls)

    def read(self) -> Iterator["Batched"]:
        """The fields of which not all was brought ahead."""
        return (field for field, call in self.by_field.items() if call.has_read)

    def want(self, field: "Batched", key: Any, place: Place, run: "Run") -> None:
        """Raises GraphQLError if a variable may not be null."""
        try:
            call = self.call(field, run)
        except Refused as refused:
            run.refused.append((refused, field.shape, place))
            return
        call.wishes.append(Wish(field.shape, [key], [place]))

    def call(self, field: "Batched", run: "Run") -> Call:
        """Raises Refused, or GraphQLError if a variable may not be null."""
        return self.by_field.get(field) or self._call(field, run)

    def _call(self, field: "Batched", run: "Run") -> Call:
        """Fields with the same batch and the same arguments share a call."""
        given = field.arguments.given(run.variables)
        which = (field.batch, *given.items())
        if which not in self.calls:
            brought = run.context.ahead.of(field.batch.function, given)
            self.calls[which] = Call(field.batch.bound(run.context, given), brought=brought)
        self.by_field[field] = self.calls[which]
        return self.calls[which]
