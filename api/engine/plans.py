"""The plans of an operation: one for each choice of what @include and @skip leave of it."""

from typing import Any

import strawberry
from graphql import DirectiveNode, DocumentNode, VariableNode, Visitor, visit
from graphql.execution.values import VariableValues

from api.engine.asked import Unknown
from api.engine.compiler import Compiler
from api.engine.plan import Plan
from api.operations import Operation

ROOM = 16
"""plans kept of one operation"""


class Plans:
    def __init__(self, operation: Operation) -> None:
        self.deciding = _deciding(operation.document)
        self.kept: dict[tuple[Any, ...], Plan | None] = {}

    def plan(
        self, schema: strawberry.Schema, operation: Operation, variables: VariableValues
    ) -> Plan | None:
        """None if only graphql-core can do it; it tells of a null that decides, too."""
        choice = tuple(variables.coerced.get(name, False) for name in self.deciding)
        if None in choice:
            return None
        if choice not in self.kept:
            if len(self.kept) == ROOM:
                self.kept.pop(next(iter(self.kept)))
            self.kept[choice] = _compiled(schema, operation, variables)
        return self.kept[choice]


def _compiled(
    schema: strawberry.Schema, operation: Operation, variables: VariableValues
) -> Plan | None:
    try:
        return Compiler(schema, operation, variables).plan()
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
