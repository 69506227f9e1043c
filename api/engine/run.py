"""One run of a plan: what is answered so far, and what went wrong."""

from collections.abc import Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from graphql import GraphQLError, located_error

from api.context import Context
from api.engine import places
from api.engine.levels import Call, Level, Wish
from api.engine.places import Place
from api.engine.shapes import Shape
from api.engine.variables import Variables
from core.errors import Refused

if TYPE_CHECKING:
    from api.engine.fields import Batched, Field


FEW = 4
"""fewer values cost less one by one"""


class Run:
    def __init__(self, context: Context, variables: Variables) -> None:
        self.context = context
        self.variables = variables
        self.data: dict[str, Any] | None = {}
        self.errors: list[GraphQLError] = []
        self.level = Level()
        self.read: set[Batched] = set()  # fields of which not all was brought ahead
        self.refused: list[tuple[Refused, Shape, Place]] = []
        self.wishes: list[tuple[Batched, list[Any], list[Place]]] = []

    async def answer(self, roots: Sequence["Field"], event: object) -> None:
        """Level after level, until nothing is wanted any more."""
        for root in roots:
            self._begin(root, event)
        while self.level:
            level, self.level = self.level, Level()
            for call in level.calls.values():
                await self._settle(call)
            self.read.update(level.read())

    def was_brought(self, field: "Batched") -> bool:
        """Whether all of it came along with its rows, of one moment."""
        return field not in self.read and not self.context.ahead.twice

    def column(
        self, shape: Shape, values: Sequence[Any], places: Sequence[Place]
    ) -> Sequence[Any] | None:
        """Many values at once; None if they are few or not in order, and go one by one."""
        if self.errors or len(values) < FEW:
            return None
        outer, self.wishes = self.wishes, []
        try:
            column = shape.column(values, places, self)
            calls = [self.level.call(field, self) for field, _, _ in self.wishes]
        except Exception:  # noqa: BLE001  # what it is comes out where each value has its place
            return None
        else:
            for call, (field, keys, wanted) in zip(calls, self.wishes, strict=True):
                call.wishes.append(Wish(field.shape, keys, wanted))
            return column
        finally:
            self.wishes = outer

    def failed(self, error: Exception, shape: Shape, place: Place) -> Any:
        """The null for what failed; where there may be none, raises for what stands above."""
        located = located_error(error, shape.nodes, places.path(place))
        if not shape.nullable:
            raise located
        self.errors.append(located)
        return None

    def _begin(self, root: "Field", event: object) -> None:
        if self.data is None:
            return
        try:
            root.put(event, self.data, None, self)
        except Exception as error:  # noqa: BLE001  # told in the answer
            self._fail(error, root.shape, (None, self.data, root.key, root.shape.nullable))

    async def _settle(self, call: Call) -> None:
        if self.errors:
            call.wishes = [wish.attached(self.data) for wish in call.wishes]
        if not any(wish.keys for wish in call.wishes):
            return
        values = iter(await call.values())
        for wish in call.wishes:
            self._grant(wish, [*islice(values, len(wish.keys))])
        self._settle_refused()

    def _grant(self, wish: Wish, values: list[Any]) -> None:
        """Put what came where it is wanted."""
        if (column := self.column(wish.shape, values, wish.places)) is None:
            for value, place in zip(values, wish.places, strict=True):
                self._put(value, wish.shape, place)
        else:
            for value, (_, holder, key, _) in zip(column, wish.places, strict=True):
                holder[key] = value

    def _settle_refused(self) -> None:
        refused, self.refused = self.refused, []
        for error, shape, place in refused:
            self._put(error, shape, place)

    def _put(self, value: Any, shape: Shape, place: Place) -> None:
        """Put what came for a place there, with all that stands in it."""
        if self.errors and not places.is_attached(place, self.data):
            return
        _, holder, key, _ = place
        try:
            holder[key] = shape.complete(value, place, self)
        except Exception as error:  # noqa: BLE001  # told in the answer
            self._fail(error, shape, place)

    def _fail(self, error: Exception, shape: Shape, place: Place) -> None:
        """Null where something failed, or as far above as there has to be a value."""
        self.errors.append(located_error(error, shape.nodes, places.path(place)))
        if not places.nullify(place):
            self.data = None
