"""What there is to do for an operation: its root fields, then level after level below them."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

from graphql import ExecutionResult, GraphQLError, located_error

from api.context import Context
from api.engine.fields import Field, Root
from api.engine.run import Run
from api.engine.variables import Variables


@dataclass(frozen=True, eq=False, slots=True)
class Plan:
    roots: Sequence[Field]
    serial: bool = False  # as mutations are: a root field is done with before the next one begins

    async def execute(
        self, context: Context, variables: Variables, event: object = None
    ) -> ExecutionResult:
        run = Run(context, variables)
        for roots in [[root] for root in self.roots] if self.serial else [self.roots]:
            await run.answer(roots, event)
        return ExecutionResult(run.data, run.errors or None)


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class Stream(Plan):
    """Of a subscription: the plan is run for each event of its source."""

    source: Root

    def subscribe(
        self, context: Context, variables: Variables
    ) -> AsyncGenerator[ExecutionResult, None] | ExecutionResult:
        try:
            given = self.source.arguments.given(variables)
        except GraphQLError as error:
            located = located_error(error, self.source.shape.nodes, [self.source.key])
            return ExecutionResult(errors=[located])
        return self._answers(context, variables, given)

    async def _answers(
        self, context: Context, variables: Variables, given: Mapping[str, Any]
    ) -> AsyncGenerator[ExecutionResult, None]:
        async with aclosing(self.source.function(context, **given)) as events:
            async for event in events:
                yield await self.execute(context, variables, event)
