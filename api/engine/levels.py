"""What the rows of one level want from batches: each is called once, for all of them."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from strawberry.exceptions import WrongNumberOfResultsReturned

from api.engine.places import Place
from api.engine.shapes import Shape
from core.errors import Refused

if TYPE_CHECKING:
    from api.engine.fields import Batched
    from api.engine.run import Run


@dataclass(slots=True)
class Call:
    """One call of a batch, and where its values go."""

    function: Callable[[list[Any]], Awaitable[Sequence[Any]]]
    wanted: list[tuple[Any, Shape, Place]] = field(default_factory=list)  # by their keys

    async def values(self) -> Sequence[Any]:
        """A value or an exception for each key."""
        keys = [key for key, _, _ in self.wanted]
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
            call = self.by_field.get(field) or self._call(field, run)
        except Refused as refused:
            run.refused.append((refused, field.shape, place))
            return
        call.wanted.append((key, field.shape, place))

    def _call(self, field: "Batched", run: "Run") -> Call:
        """Fields with the same batch and the same arguments share a call."""
        given = field.arguments.given(run.variables)
        which = (field.batch, *given.items())
        if which not in self.calls:
            self.calls[which] = Call(field.batch.bound(run.context, given))
        self.by_field[field] = self.calls[which]
        return self.calls[which]
