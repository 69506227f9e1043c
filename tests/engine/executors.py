"""The same operation through both executors, and how their answers are compared."""

from collections.abc import Mapping, Sequence
from functools import cache
from random import Random
from typing import Any

import orjson
import strawberry
from graphql import ExecutionResult, GraphQLSchema

from api import operations
from api.engine.compiled import Compiled
from api.engine.told import dumps
from api.execution import Usual, answer, failed
from api.metrics import REGISTRY
from api.operations import Operation
from tests.engine.generator import Generator


class Both:
    def __init__(self, schema: strawberry.Schema) -> None:
        self.schema = schema
        self.usual = Usual(schema)
        self.compiled = Compiled(schema, self.usual)

    @property
    def core(self) -> GraphQLSchema:
        return self.schema._schema  # noqa: SLF001  # Strawberry hands it out nowhere else

    def generator(self, seed: int, ids: Sequence[str], pages: Sequence[int]) -> Generator:
        return Generator(self.core, Random(seed), ids, pages)  # noqa: S311  # no secrets

    def operations(self, document: str) -> Mapping[str, Operation]:
        """By their names. Raises Refused or WrongDocument."""
        return operations.prepare(self.core, document, introspection=True)

    @cache  # noqa: B019  # for as long as the tests run
    def operation(self, document: str, name: str | None = None) -> Operation:
        """Raises Refused or WrongDocument."""
        found = self.operations(document)
        return found[name] if name else next(iter(found.values()))

    async def usually(self, operation: Operation, variables: Any, context: Any) -> bytes:
        return told(await self.usual.execute(operation, variables, context), context)

    async def events_usually(self, operation: Operation, variables: Any, context: Any) -> bytes:
        return await streamed(await self.usual.subscribe(operation, variables, context), context)

    async def events_by_plan(self, operation: Operation, variables: Any, context: Any) -> bytes:
        before = unplanned()
        begun = await self.compiled.subscribe(operation, variables, context)
        assert unplanned() == before
        return await streamed(begun, context)

    async def by_plan(self, operation: Operation, variables: Any, context: Any) -> bytes:
        before = unplanned()
        result = await self.compiled.execute(operation, variables, context)
        assert unplanned() == before
        return told(result, context)


async def streamed(begun: Any, context: Any) -> bytes:
    """The answers, each in a line; what keeps the stream from going on is the last one."""
    if isinstance(begun, ExecutionResult):
        return told(begun, context)
    lines = []
    try:
        lines = [told(result, context) async for result in begun]
    except Exception as cause:  # noqa: BLE001  # as our sockets do
        lines.append(told(failed(cause), context))
    return b"\n".join(lines)


def unplanned() -> float:
    """How many operations were left to graphql-core."""
    return REGISTRY.get_sample_value("breakroom_unplanned_operations_total") or 0


def told(result: Any, context: Any) -> bytes:
    """What goes out: key for key in its order."""
    return dumps(answer(result, context))


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
