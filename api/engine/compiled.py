"""The execution that compiles each operation once, and leaves to another what it does not know."""

from collections.abc import AsyncGenerator
from typing import Any
from weakref import WeakKeyDictionary

import strawberry
from graphql import ExecutionResult, get_variable_values
from graphql.execution.values import VariableValues

from api.engine.plan import Plan, Stream
from api.engine.plans import Plans
from api.execution import COERCION_ERRORS_TOLD, Execution, Usual
from api.metrics import UNPLANNED
from api.operations import Operation
from core.settings import Settings


def execution(schema: strawberry.Schema, chosen: Settings) -> Execution:
    """The one that the settings name."""
    usual = Usual(schema, hints=chosen.development)
    if chosen.engine == "usual":
        return usual
    return Compiled(schema, usual, hints=chosen.development)


class Compiled:
    def __init__(self, schema: strawberry.Schema, other: Execution, *, hints: bool = False) -> None:
        self.schema = schema
        self.other = other
        self.hints = hints
        self.plans: WeakKeyDictionary[Operation, Plans] = WeakKeyDictionary()

    async def execute(
        self, operation: Operation, variables: dict[str, Any], context: Any
    ) -> ExecutionResult:
        values = self._values(operation, variables)
        if isinstance(values, list):
            return ExecutionResult(errors=values)
        if plan := self._plan(operation, values):
            return await plan.execute(context, values)
        UNPLANNED.inc()
        return await self.other.execute(operation, variables, context)

    async def subscribe(
        self, operation: Operation, variables: dict[str, Any], context: Any
    ) -> AsyncGenerator[ExecutionResult, None] | ExecutionResult:
        values = self._values(operation, variables)
        if isinstance(values, list):
            return ExecutionResult(errors=values)
        plan = self._plan(operation, values)
        if isinstance(plan, Stream):
            return plan.subscribe(context, values)
        UNPLANNED.inc()
        return await self.other.subscribe(operation, variables, context)

    def _values(self, operation: Operation, variables: dict[str, Any]) -> Any:
        """The variables as the operation declares them, or what is wrong with them."""
        return get_variable_values(
            self.schema._schema,  # noqa: SLF001  # Strawberry hands it out nowhere else
            operation.definition.variable_definitions or (),
            variables,
            max_errors=COERCION_ERRORS_TOLD,
            hide_suggestions=not self.hints,
        )

    def _plan(self, operation: Operation, values: VariableValues) -> Plan | None:
        if operation not in self.plans:
            self.plans[operation] = Plans(operation)
        return self.plans[operation].plan(self.schema, operation, values)
