"""Scalars and enums: the common values fast, all others as graphql-core has them."""

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from graphql import (
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLID,
    GraphQLInt,
    GraphQLLeafType,
    GraphQLString,
)
from graphql.execution import Executor

Told = Callable[[Any], Any]
Standing = Callable[[Sequence[Any], AbstractSet[type]], bool]

LEAST, MOST = -(2**31), 2**31 - 1

EXACT: dict[GraphQLLeafType, type] = {GraphQLString: str, GraphQLID: str, GraphQLBoolean: bool}


class Never:
    """Nothing is an instance of it."""


def all_of(type_: GraphQLLeafType) -> tuple[Told, type, Standing]:
    return told(type_), exact(type_), standing(type_)


def exact(type_: GraphQLLeafType) -> type:
    """The class whose instances are told as they are."""
    return EXACT.get(type_, Never)


def standing(type_: GraphQLLeafType) -> Standing:
    """Whether values that are of these types are all told as they are."""
    if type_ is GraphQLInt:
        return lambda values, types: types == {int} and min(values) >= LEAST and max(values) <= MOST
    those = {exact(type_)}
    return lambda _, types: types <= those


def told(type_: GraphQLLeafType) -> Told:
    """How a value looks in the answer; raises what graphql-core raises."""

    def usual(value: Any) -> Any:
        return Executor.complete_leaf_value(type_, value)

    if type_ is GraphQLInt:
        return _integer(usual)
    if isinstance(type_, GraphQLEnumType):
        return _member(type_, usual)
    return usual


def _integer(usual: Told) -> Told:
    def integer(value: Any) -> Any:
        return value if type(value) is int and LEAST <= value <= MOST else usual(value)

    return integer


def _member(type_: GraphQLEnumType, usual: Told) -> Told:
    class_: Any = getattr(type_, "wrapped_cls", ())  # Strawberry's enums know theirs
    names = {member: usual(member) for member in class_}

    def member(value: Any) -> Any:
        return names[value] if type(value) is class_ else usual(value)

    return member
