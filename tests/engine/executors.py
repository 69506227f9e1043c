"""The same operation through both executors, and how their answers are compared."""

from typing import Any

import orjson
import strawberry

from api import operations
from api.engine.compiled import Compiled
from api.execution import Usual, answer
from api.operations import Operation


class Both:
    def __init__(self, schema: strawberry.Schema) -> None:
        self.schema = schema
        self.usual = Usual(schema)
        self.compiled = Compiled(schema, self.usual)

    def operation(self, document: str, name: str | None = None) -> Operation:
        """Raises Refused or WrongDocument."""
        core = self.schema._schema  # noqa: SLF001  # Strawberry hands it out nowhere else
        prepared = operations.prepare(core, document, introspection=False)
        return prepared[name] if name else next(iter(prepared.values()))

    async def usually(self, operation: Operation, variables: Any, context: Any) -> bytes:
        return told(await self.usual.execute(operation, variables, context), context)

    async def by_plan(self, operation: Operation, variables: Any, context: Any) -> bytes:
        left = self.compiled.left
        result = await self.compiled.execute(operation, variables, context)
        assert self.compiled.left == left
        return told(result, context)


def told(result: Any, context: Any) -> bytes:
    """What goes out: key for key in its order."""
    return orjson.dumps(answer(result, context))


def essence(answer: bytes) -> tuple[Any, ...]:
    """An answer without what is a matter of luck when several things fail in one operation.

    graphql-core tells of failures as its event loop comes to them, and of those beneath a place
    that becomes null only until it is null. What stays: the data, every error whose own field is
    null for it, and that there is one for each null which climbed.
    """
    told = orjson.loads(answer)
    errors, nulls = [], set()
    for error in told.get("errors", ()):
        null = _null_above(told.get("data"), error.get("path", []))
        if null is None:
            errors.append(orjson.dumps(error))
        else:
            nulls.add(null)
    return orjson.dumps(told.get("data")), sorted(errors), nulls


def _null_above(data: Any, path: list[str | int]) -> tuple[str | int, ...] | None:
    """Where on the way to a failed field there is null, unless it is in the field itself."""
    for depth, key in enumerate(path):
        if data is None:
            return tuple(path[:depth])
        data = data[key]
    return None
