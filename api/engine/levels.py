"""What the rows of one level want from batches: each is called once, for all of them."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

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

    async def values(self) -> Sequence[Any]:
        """A value or an exception for each key."""
        keys = [key for wish in self.wishes for key in wish.keys]
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
            self.calls[which] = Call(field.batch.bound(run.context, given))
        self.by_field[field] = self.calls[which]
        return self.calls[which]
