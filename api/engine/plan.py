"""What there is to do for an operation: its root fields one after the other, then their levels."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from graphql import ExecutionResult
from graphql.execution.values import VariableValues

from api.context import Context
from api.engine.arguments import Arguments
from api.engine.run import Run
from api.engine.shapes import Shape


@dataclass(frozen=True, eq=False, slots=True)
class Root:
    key: str
    shape: Shape
    answer: Callable[..., Awaitable[Any]]
    arguments: Arguments

    async def put(self, data: dict[str, Any], run: Run) -> None:
        data[self.key] = None
        try:
            given = self.arguments.given(run.variables)
            value = await self.answer(run.context, **given)
        except Exception as error:  # noqa: BLE001  # told in the answer
            value = error
        run.put(value, self.shape, (None, data, self.key, self.shape.nullable))


@dataclass(frozen=True, eq=False, slots=True)
class Plan:
    """`serial`: each root field is done with before the next one begins, as mutations must be."""

    roots: Sequence[Root]
    serial: bool

    async def execute(self, context: Context, variables: VariableValues) -> ExecutionResult:
        data: dict[str, Any] = {}
        run = Run(context, variables, data)
        for root in self.roots:
            await root.put(data, run)
            if self.serial:
                await run.settle()
            if run.data is None:
                break
        await run.settle()
        return run.result
