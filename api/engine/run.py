"""One run of a plan: what is answered so far, and what went wrong."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from graphql import GraphQLError, located_error
from graphql.execution.values import VariableValues

from api.context import Context
from api.engine import places
from api.engine.levels import Call, Level
from api.engine.places import Place
from api.engine.shapes import Shape
from core.errors import Refused

if TYPE_CHECKING:
    from api.engine.fields import Field


class Run:
    def __init__(self, context: Context, variables: VariableValues) -> None:
        self.context = context
        self.variables = variables
        self.data: dict[str, Any] | None = {}
        self.errors: list[GraphQLError] = []
        self.level = Level()
        self.refused: list[tuple[Refused, Shape, Place]] = []

    async def answer(self, roots: Sequence["Field"], event: object) -> None:
        """Level after level, until nothing is wanted any more."""
        for root in roots:
            self._begin(root, event)
        while self.level:
            level, self.level = self.level, Level()
            for call in level.calls.values():
                await self._settle(call)

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
            call.wanted = [wish for wish in call.wanted if places.is_attached(wish[2], self.data)]
        if not call.wanted:
            return
        for (_, shape, place), value in zip(call.wanted, await call.values(), strict=True):
            self._put(value, shape, place)
        self._settle_refused()

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
