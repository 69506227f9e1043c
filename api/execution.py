"""Running an operation, and the answer that comes of it."""

from collections.abc import AsyncGenerator
from inspect import isawaitable
from typing import Any, Protocol, cast

import graphql
import strawberry
from graphql import ExecutionResult, GraphQLError

from api import errors
from api.errors import Reader
from api.operations import Operation, WrongDocument

COERCION_ERRORS_TOLD = 5


class Execution(Protocol):
    """What runs operations; another one may take the place of `Usual`."""

    async def execute(
        self, operation: Operation, variables: dict[str, Any], context: Any
    ) -> ExecutionResult: ...

    async def subscribe(
        self, operation: Operation, variables: dict[str, Any], context: Any
    ) -> AsyncGenerator[ExecutionResult, None] | ExecutionResult: ...


class Usual:
    """graphql-core's executor over Strawberry's resolvers."""

    def __init__(self, schema: strawberry.Schema, *, hints: bool = False) -> None:
        self.options = {
            "schema": schema._schema,  # noqa: SLF001  # Strawberry hands it out nowhere else
            "executor_class": schema.execution_context_class,
            "max_coercion_errors": COERCION_ERRORS_TOLD,
            "hide_suggestions": not hints,
            "operation_extensions": None,
        }

    async def execute(
        self, operation: Operation, variables: dict[str, Any], context: Any
    ) -> ExecutionResult:
        result = graphql.execute(**self._arguments(operation, variables, context))
        return await result if isawaitable(result) else result

    async def subscribe(
        self, operation: Operation, variables: dict[str, Any], context: Any
    ) -> AsyncGenerator[ExecutionResult, None] | ExecutionResult:
        source = graphql.subscribe(**self._arguments(operation, variables, context))
        begun = await source if isawaitable(source) else source
        return cast("AsyncGenerator[ExecutionResult, None] | ExecutionResult", begun)

    def _arguments(
        self, operation: Operation, variables: dict[str, Any], context: Any
    ) -> dict[str, Any]:
        return {
            **self.options,
            "document": operation.document,
            "operation_name": operation.name,
            "variable_values": variables,
            "context_value": context,
        }


def answer(result: ExecutionResult, reader: Reader) -> dict[str, Any]:
    """The response as GraphQL defines it; what never began to run has no `data`."""
    told = errors.entries(result.errors, reader) if result.errors else []
    if not has_run(result):
        return {"errors": told}
    return {"data": result.data, "errors": told} if told else {"data": result.data}


def has_run(result: ExecutionResult) -> bool:
    return result.data is not None or any(error.path for error in result.errors or ())


def failed(cause: Exception) -> ExecutionResult:
    """The result of an operation that something kept from running."""
    if isinstance(cause, WrongDocument):
        return ExecutionResult(errors=cause.errors)
    return ExecutionResult(errors=[GraphQLError(str(cause), original_error=cause)])
