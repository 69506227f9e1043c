"""Variables as an operation declares them, and what its fields are given of them."""

from collections.abc import Mapping
from types import NoneType
from typing import TYPE_CHECKING, Any

from graphql.execution.values import VariableValues

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


def key(sent: Mapping[str, Any]) -> Key | None:
    """What tells one set of variables from another, if that is short."""
    for value in sent.values():
        if type(value) not in SIMPLE or (type(value) is str and len(value) > SHORT):
            return None
    return tuple([(name, type(value), value) for name, value in sent.items()])
