"""Operations nobody would write by hand: valid for a schema, with all that GraphQL lets one say."""

import json
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    get_nullable_type,
    is_abstract_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    is_required_argument,
    is_required_input_field,
)

DEPTH = 3  # objects within objects
MOMENT = "2026-05-17T08:30:00+08:00"


class Generator:
    """`ids` are what ID arguments may be; `pages` what `first` may be."""

    def __init__(
        self, schema: GraphQLSchema, random: Random, ids: Sequence[str], pages: Sequence[int]
    ) -> None:
        self.schema = schema
        self.random = random
        self.scalars: dict[str, Callable[[], Any]] = {
            "ID": lambda: random.choice(ids),
            "Int": lambda: random.choice(pages),
            "Float": random.random,
            "String": lambda: random.choice(["", "a", "你好", 'quoted "twice"']),
            "Boolean": lambda: random.random() < 0.5,
            "DateTime": lambda: MOMENT,
            "Date": lambda: MOMENT[:10],
        }

    def operation(self, kind: str = "query", *, roots: int = 3) -> tuple[str, dict[str, Any]]:
        """A document and its variables; once in a while it is not valid."""
        self.declared: list[str] = []
        self.variables: dict[str, Any] = {}
        self.fragments: dict[str, str] = {}
        self.asked: dict[tuple[int, str], str] = {}
        type_: Any = self.schema.query_type if kind == "query" else self.schema.mutation_type
        names = self.random.choices(sorted(type_.fields), k=self.random.randint(1, roots))
        asked = [self._field(name, type_.fields[name], DEPTH) for name in names]
        asked += ["__typename"] if self._happens(10) else []
        declared = f"({', '.join(self.declared)})" if self.declared else ""
        lines = [f"{kind} Generated{declared} {{ {' '.join(asked)} }}", *self.fragments.values()]
        return "\n".join(lines), self.variables

    def _selection(self, type_: GraphQLNamedType, depth: int) -> str:
        """Of an object, an interface or a union; never empty."""
        chosen = self._members(type_, depth) if is_abstract_type(type_) else []
        fields = getattr(type_, "fields", {})
        deep = [name for name in fields if depth or is_leaf_type(get_named_type(fields[name].type))]
        for name in self.random.sample(deep, min(len(deep), self.random.randint(1, 4))):
            chosen.append(self._field(name, fields[name], depth - 1))
        if self._happens(4):
            chosen.append("__typename" + self._condition())
        self.random.shuffle(chosen)
        return "{ " + " ".join(chosen or ["__typename"]) + " }"

    def _members(self, type_: Any, depth: int) -> list[str]:
        possible = self.schema.get_possible_types(type_)
        return [self._spread(one, depth) for one in possible if not self._happens(5)]

    def _field(self, name: str, field: GraphQLField, depth: int) -> str:
        arguments = self._arguments(field)
        key, alias = (depth, name), ""
        if self.asked.setdefault(key, arguments) != arguments or self._happens(20):
            alias = f"{name}{len(self.asked)}: "
            self.asked[depth, alias] = arguments
        named = get_named_type(field.type)
        inner = "" if is_leaf_type(named) else " " + self._composite(named, depth)
        return f"{alias}{name}{arguments}{self._condition()}{inner}"

    def _composite(self, type_: GraphQLNamedType, depth: int) -> str:
        if isinstance(type_, GraphQLObjectType) and self._happens(4):
            return "{ __typename " + " ".join(self._spread(type_, depth) for _ in range(2)) + " }"
        return self._selection(type_, depth)

    def _spread(self, type_: GraphQLNamedType, depth: int) -> str:
        """Inline, or by the name of a fragment, sometimes one that is there already."""
        if self._happens(2):
            return f"... on {type_.name}{self._condition()} {self._selection(type_, depth)}"
        name = f"On{type_.name}{depth}"
        if name not in self.fragments:
            self.fragments[name] = ""
            body = self._selection(type_, depth)
            self.fragments[name] = f"fragment {name} on {type_.name} {body}"
        elif not self.fragments[name]:
            return "__typename"  # it would spread itself
        return f"...{name}{self._condition()}"

    def _condition(self) -> str:
        if not self._happens(8):
            return ""
        value = self._variable("Boolean!", self._happens(2)) if self._happens(2) else "true"
        return f" @{self.random.choice(['include', 'skip'])}(if: {value})"

    def _arguments(self, field: GraphQLField) -> str:
        given = [
            f"{name}: {self._argument(argument)}"
            for name, argument in field.args.items()
            if is_required_argument(argument) or self._happens(2)
        ]
        return f"({', '.join(given)})" if given else ""

    def _argument(self, argument: GraphQLArgument) -> str:
        """A literal or a variable, which may be missing or null where that is not seen before."""
        value = self._value(argument.type)
        if self._happens(2):
            return self._literal(argument.type, value)
        if is_required_argument(argument) or self._happens(2):
            return self._variable(str(argument.type), value)
        if self._happens(3):
            return self._variable(str(argument.type).removesuffix("!"), None)
        return self._variable(f"{argument.type} = {self._literal(argument.type, value)}")

    def _variable(self, declaration: str, *value: Any) -> str:
        name = f"v{len(self.declared)}"
        self.declared.append(f"${name}: {declaration}")
        if value:
            self.variables[name] = {"wrong": True} if self._happens(150) else value[0]
        return f"${name}"

    def _value(self, type_: Any) -> Any:
        if is_non_null_type(type_):
            return self._present(type_.of_type)
        return None if self._happens(5) else self._present(type_)

    def _present(self, type_: Any) -> Any:
        if is_list_type(type_):
            return [self._value(type_.of_type) for _ in range(self.random.randint(0, 4))]
        if isinstance(type_, GraphQLEnumType):
            return self.random.choice(sorted(type_.values))
        if isinstance(type_, GraphQLInputObjectType):
            return {
                name: self._value(field.type)
                for name, field in type_.fields.items()
                if is_required_input_field(field) or self._happens(2)
            }
        return self.scalars[type_.name]()

    def _literal(self, type_: Any, value: Any) -> str:
        type_ = get_nullable_type(type_)
        if isinstance(value, list):
            return f"[{', '.join(self._literal(type_.of_type, item) for item in value)}]"
        if isinstance(value, dict):
            fields = (
                f"{key}: {self._literal(type_.fields[key].type, value[key])}" for key in value
            )
            return f"{{{', '.join(fields)}}}"
        if isinstance(type_, GraphQLEnumType) and value is not None:
            return str(value)
        return json.dumps(value, ensure_ascii=False)

    def _happens(self, one_in: int) -> bool:
        return self.random.randrange(one_in) == 0
