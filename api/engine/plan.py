"""What there is to do for an operation: its root fields, then level after level below them."""

from collections.abc import Sequence
from dataclasses import dataclass

from graphql import ExecutionResult
from graphql.execution.values import VariableValues

from api.context import Context
from api.engine.fields import Field
from api.engine.run import Run


@dataclass(frozen=True, eq=False, slots=True)
class Plan:
    roots: Sequence[Field]
    serial: bool  # as mutations are: a root field is done with before the next one begins

    async def execute(self, context: Context, variables: VariableValues) -> ExecutionResult:
        run = Run(context, variables)
        for roots in [[root] for root in self.roots] if self.serial else [self.roots]:
            await run.answer(roots)
        return ExecutionResult(run.data, run.errors or None)
