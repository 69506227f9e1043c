"""What a field is given: literals and variables, read by graphql-core, made ours by Strawberry."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from graphql import (
    ListValueNode,
    ObjectValueNode,
    ValueNode,
    VariableNode,
    get_argument_values,
    get_nullable_type,
    is_leaf_type,
)
from strawberry import Schema
from strawberry.types.arguments import convert_arguments
from strawberry.types.base import StrawberryMaybe

from api.engine.asked import Asked
from api.engine.variables import Variables

NONE: Mapping[str, Any] = MappingProxyType({})


class Arguments:
    def __init__(self, schema: Schema, asked: Asked) -> None:
        self.schema = schema
        self.definition = asked.definition
        self.node = asked.nodes[0]
        self.declared = asked.declared.arguments if self.definition.args else []
        self.plain = self._plain()
        varies = any(_varies(argument.value) for argument in self.node.arguments or ())
        self.fixed = (
            None if varies else self._converted(get_argument_values(self.definition, self.node))
        )

    def given(self, variables: Variables) -> Mapping[str, Any]:
        """Raises GraphQLError where a variable is null and may not be."""
        if self.fixed is not None:
            return self.fixed
        if self not in variables.given:
            read = get_argument_values(self.definition, self.node, variables.values)
            variables.given[self] = self._converted(read)
        return variables.given[self]

    def _converted(self, read: dict[str, Any]) -> Mapping[str, Any]:
        if not self.declared:
            return NONE
        if self.plain:
            return {self.plain[name]: value for name, value in read.items()}
        registry, config = self.schema.schema_converter.scalar_registry, self.schema.config
        return convert_arguments(read, self.declared, scalar_registry=registry, config=config)

    def _plain(self) -> Mapping[str, str]:
        """Our names of arguments that are scalars or enums, if all are: nothing is made of them."""
        leaves = (
            is_leaf_type(get_nullable_type(one.type)) for one in self.definition.args.values()
        )
        told_from_null = any(isinstance(one.type, StrawberryMaybe) for one in self.declared)
        if not all(leaves) or told_from_null:
            return NONE
        named = self.schema.config.name_converter.from_argument
        return {str(named(one)): str(one.python_name) for one in self.declared}


def _varies(value: ValueNode) -> bool:
    match value:
        case VariableNode():
            return True
        case ListValueNode():
            return any(map(_varies, value.values))
        case ObjectValueNode():
            return any(_varies(field.value) for field in value.fields)
        case _:
            return False
