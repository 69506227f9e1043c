"""The plans of an operation, one for each choice of what @include and @skip leave of it."""

from collections.abc import Mapping
from typing import Any

import strawberry
from graphql import (
    DirectiveNode,
    DocumentNode,
    GraphQLError,
    OperationType,
    VariableNode,
    Visitor,
    get_variable_values,
    visit,
)
from graphql.execution.values import VariableValues

from api.engine import variables
from api.engine.asked import Unknown
from api.engine.compiler import Compiler
from api.engine.plan import Plan
from api.engine.variables import Key, Variables
from api.execution import COERCION_ERRORS_TOLD
from api.operations import Operation

ROOM = 16
"""plans kept of one operation"""


KNOWN = 100
"""sets of variables kept of one query"""


class Plans:
    """They do not hold the operation: with it they go."""

    def __init__(self, schema: strawberry.Schema, operation: Operation, *, hints: bool) -> None:
        self.schema = schema
        self.hints = hints
        self.deciding = _deciding(operation.document)
        self.kept: dict[tuple[Any, ...], Plan | None] = {}
        self.known: dict[Key, Variables] = {}

    def variables(
        self, operation: Operation, sent: Mapping[str, Any]
    ) -> Variables | list[GraphQLError]:
        """As the operation declares them, or what is wrong with them.

        What a mutation is sent may be a password, and hardly ever comes again.
        """
        key = variables.key(sent) if operation.kind is OperationType.QUERY else None
        if key is None:
            return self._read(operation, sent)
        if key not in self.known:
            read = self._read(operation, sent)
            if isinstance(read, list):
                return read
            if len(self.known) == KNOWN:
                self.known.pop(next(iter(self.known)))
            self.known[key] = read
        return self.known[key]

    def plan(self, operation: Operation, given: Variables) -> Plan | None:
        """None if only graphql-core can do it; it tells of a null that decides, too."""
        coerced = given.values.coerced
        choice = tuple([coerced.get(name, False) for name in self.deciding])
        if None in choice:
            return None
        if choice not in self.kept:
            if len(self.kept) == ROOM:
                self.kept.pop(next(iter(self.kept)))
                self.known.clear()  # they hold what the fields of that plan were given
            self.kept[choice] = self._compiled(operation, given.values)
        return self.kept[choice]

    def _read(
        self, operation: Operation, sent: Mapping[str, Any]
    ) -> Variables | list[GraphQLError]:
        read = get_variable_values(
            self.schema._schema,  # noqa: SLF001  # Strawberry hands it out nowhere else
            operation.definition.variable_definitions or (),
            dict(sent),
            max_errors=COERCION_ERRORS_TOLD,
            hide_suggestions=not self.hints,
        )
        return read if isinstance(read, list) else Variables(read)

    def _compiled(self, operation: Operation, values: VariableValues) -> Plan | None:
        try:
            return Compiler(self.schema, operation, values).plan()
        except Unknown:
            return None


def _deciding(document: DocumentNode) -> list[str]:
    """The variables that decide what is left of it."""
    conditions = Conditions()
    visit(document, conditions)
    return sorted(conditions.variables)


class Conditions(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.variables: set[str] = set()

    def enter_directive(self, node: DirectiveNode, *_: Any) -> None:
        for argument in node.arguments or ():
            if isinstance(argument.value, VariableNode):
                self.variables.add(argument.value.name.value)
