"""From the text of a document to operations that are limited, valid and ready to run."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    OperationType,
    parse,
    specified_rules,
    validate,
)
from graphql.validation.rules import overlapping_fields_can_be_merged
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from api import limits
from api.limits import TooDeep, TooManyLines, TooManyTokens
from api.weights import Scale, Weight, defaults, page_size

ERRORS_TOLD = 5
COSTS_KEPT = 100

RULES = (*specified_rules, MaybeNullValidationRule, OneOfInputValidationRule)
overlapping_fields_can_be_merged.MAX_COMPLEXITY_BUDGET = 25_000  # as shipped: 150 ms and more


class WrongDocument(Exception):
    """It cannot be read, or does not fit the schema."""

    def __init__(self, errors: list[GraphQLError], code: str) -> None:
        super().__init__(code)
        self.errors = errors[:ERRORS_TOLD]
        for error in self.errors:
            error.extensions = {"code": code}


@dataclass(frozen=True, eq=False, slots=True, weakref_slot=True)
class Operation:
    """One operation of a valid document; the same object whenever it is asked for again."""

    document: DocumentNode
    definition: OperationDefinitionNode
    weight: Weight  # with the largest pages that its variables might ask for
    pages: Mapping[str, int | None]  # these variables, and what they are by default
    costs: dict[tuple[int, ...], int] = field(default_factory=dict)

    @property
    def kind(self) -> OperationType:
        return self.definition.operation

    @property
    def name(self) -> str | None:
        return self.definition.name.value if self.definition.name else None


Document = Mapping[str, Operation]
"""A document's operations by name."""


def prepare(schema: GraphQLSchema, text: str, *, introspection: bool) -> Document:
    """Raises Refused or WrongDocument. Where there is no introspection, nothing hints at names."""
    tree = _parsed(text)
    nodes = [node for node in tree.definitions if isinstance(node, OperationDefinitionNode)]
    operations = [_weighed(schema, tree, node) for node in nodes]
    for operation in operations:
        limits.check(operation.weight, introspection=introspection)
    _validate(schema, tree, hints=introspection)
    return {operation.name or "": operation for operation in operations}


def check_cost(schema: GraphQLSchema, operation: Operation, variables: Mapping[str, Any]) -> None:
    """Look at the pages really asked for, should the largest be too much."""
    if operation.weight.cost > limits.COST:
        asked = ((name, variables.get(name, default)) for name, default in operation.pages.items())
        limits.check_cost(_cost(schema, operation, {name: page_size(n) for name, n in asked}))


def _cost(schema: GraphQLSchema, operation: Operation, sizes: dict[str, int]) -> int:
    key = tuple(sizes.values())
    if key not in operation.costs:
        if len(operation.costs) == COSTS_KEPT:
            operation.costs.clear()
        weight = Scale(schema, operation.document, sizes).weigh(operation.definition)
        operation.costs[key] = weight.cost
    return operation.costs[key]


def _parsed(text: str) -> DocumentNode:
    if text.count("\n") + text.count("\r") >= limits.LINES:
        raise TooManyLines(limit=limits.LINES)
    try:
        return parse(text, max_tokens=limits.TOKENS)
    except GraphQLSyntaxError as error:
        if "tokens. Parsing aborted" in error.message:
            raise TooManyTokens(limit=limits.TOKENS) from None
        raise WrongDocument([error], "GRAPHQL_PARSE_FAILED") from None


def _weighed(schema: GraphQLSchema, tree: DocumentNode, node: OperationDefinitionNode) -> Operation:
    scale = Scale(schema, tree)
    try:
        weight = scale.weigh(node)
    except RecursionError:
        raise TooDeep(limit=limits.DEPTH) from None
    given = defaults(node)
    return Operation(tree, node, weight, {name: given.get(name) for name in scale.deciding})


def _validate(schema: GraphQLSchema, tree: DocumentNode, *, hints: bool) -> None:
    errors = validate(schema, tree, RULES, max_errors=ERRORS_TOLD, hide_suggestions=not hints)
    if errors:
        raise WrongDocument(errors, "GRAPHQL_VALIDATION_FAILED")
