"""Variables as an operation declares them, and what its fields are given of them."""

from collections.abc import Iterable, Mapping
from types import NoneType
from typing import TYPE_CHECKING, Any

from graphql import (
    GraphQLError,
    GraphQLSchema,
    Undefined,
    VariableDefinitionNode,
    get_nullable_type,
    get_variable_values,
    is_leaf_type,
)
from graphql.execution.get_variable_signature import get_variable_signature
from graphql.execution.values import (
    VariableValues,
    VariableValueSource,
    input_is_nested_too_deeply,
)
from graphql.utilities import coerce_input_value

from api.execution import COERCION_ERRORS_TOLD

if TYPE_CHECKING:
    from api.engine.arguments import Arguments

SHORT = 100  # characters
SIMPLE = {bool, int, str, NoneType}

Key = tuple[tuple[str, type, Any], ...]


class Variables:
    __slots__ = ("given", "values")

    def __init__(self, values: VariableValues) -> None:
        self.values = values
        self.given: dict[Arguments, Mapping[str, Any]] = {}


class Declared:
    """What an operation declares, looked up once: graphql-core does it for each request."""

    def __init__(
        self, schema: GraphQLSchema, nodes: Iterable[VariableDefinitionNode], *, hints: bool
    ) -> None:
        self.schema = schema
        self.nodes = [*nodes]
        self.hints = hints
        self.signatures = [get_variable_signature(schema, node) for node in self.nodes]

    def read(self, sent: Mapping[str, Any]) -> Variables | list[GraphQLError]:
        read = self._read(sent) or get_variable_values(
            self.schema,
            self.nodes,
            dict(sent),
            max_errors=COERCION_ERRORS_TOLD,
            hide_suggestions=not self.hints,
        )
        return read if isinstance(read, list) else Variables(read)

    def _read(self, sent: Mapping[str, Any]) -> VariableValues | None:
        """As graphql-core does; None where a default or an error is to be told of."""
        values = VariableValues({}, {})
        for signature in self.signatures:
            if isinstance(signature, GraphQLError):
                return None
            name, type_ = signature.name, signature.type
            value = sent.get(name, Undefined)
            is_leaf = is_leaf_type(get_nullable_type(type_))
            if value is Undefined or (not is_leaf and input_is_nested_too_deeply(value, type_)):
                return None
            values.sources[name] = VariableValueSource(signature, value)
            values.coerced[name] = coerce_input_value(value, type_)
        return None if Undefined in values.coerced.values() else values


def key(sent: Mapping[str, Any]) -> Key | None:
    """What tells one set of variables from another, if that is short."""
    for value in sent.values():
        if type(value) not in SIMPLE or (type(value) is str and len(value) > SHORT):
            return None
    return tuple([(name, type(value), value) for name, value in sent.items()])
