"""The execution that compiles each operation once, and leaves to another what it does not know."""

from collections.abc import AsyncGenerator
from typing import Any
from weakref import WeakKeyDictionary

import strawberry
from graphql import ExecutionResult

from api.engine.plan import Stream
from api.engine.plans import Plans
from api.execution import Execution, Usual
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
        plans = self._plans(operation)
        given = plans.variables(operation, variables)
        if isinstance(given, list):
            return ExecutionResult(errors=given)
        if plan := plans.plan(operation, given):
            return await plan.execute(context, given)
        UNPLANNED.inc()
        return await self.other.execute(operation, variables, context)

    async def subscribe(
        self, operation: Operation, variables: dict[str, Any], context: Any
    ) -> AsyncGenerator[ExecutionResult, None] | ExecutionResult:
        plans = self._plans(operation)
        given = plans.variables(operation, variables)
        if isinstance(given, list):
            return ExecutionResult(errors=given)
        plan = plans.plan(operation, given)
        if isinstance(plan, Stream):
            return plan.subscribe(context, given)
        UNPLANNED.inc()
        return await self.other.subscribe(operation, variables, context)

    def _plans(self, operation: Operation) -> Plans:
        plans = self.plans.get(operation)
        if plans is None:
            plans = self.plans[operation] = Plans(self.schema, operation, hints=self.hints)
        return plans
