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
        self.variables = self._variables() if self.plain else NONE
        self.fixed = (
            None if varies else self._converted(get_argument_values(self.definition, self.node))
        )

    def given(self, variables: Variables) -> Mapping[str, Any]:
        """Raises GraphQLError where a variable is null and may not be."""
        if self.fixed is not None:
            return self.fixed
        if self not in variables.given:
            variables.given[self] = self._simply(variables) or self._converted(
                get_argument_values(self.definition, self.node, variables.values)
            )
        return variables.given[self]

    def _simply(self, variables: Variables) -> Mapping[str, Any]:
        """Where each argument is a variable of its own, and none of them is null or left out."""
        coerced = variables.values.coerced
        given = {ours: coerced.get(sent) for ours, sent in self.variables.items()}
        return NONE if None in given.values() else given

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

    def _variables(self) -> Mapping[str, str]:
        """The variables of all arguments, if each is one."""
        named = {argument.name.value: argument.value for argument in self.node.arguments or ()}
        if named.keys() != self.plain.keys():
            return NONE
        variables = {
            self.plain[name]: value.name.value
            for name, value in named.items()
            if isinstance(value, VariableNode)
        }
        return variables if len(variables) == len(named) else NONE


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
