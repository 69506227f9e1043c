"""A field that an operation asks for, in one place or merged from several."""

from collections.abc import Callable, Iterator
from operator import attrgetter
from typing import Any, NamedTuple, cast

from graphql import FieldNode, GraphQLField, GraphQLObjectType, GraphQLSchema
from graphql.execution.collect_fields import CollectedFields, FieldDetailsList
from strawberry.types.field import StrawberryField
from tortoise.models import Model

from api import policy
from api.views import SOURCE, STEADY, Batch
from api.who import Who

DEFINITION = "strawberry-definition"
TYPENAME = "__typename"


class Unknown(Exception):
    """Only graphql-core can do this."""


class Asked(NamedTuple):
    key: str  # in the answer
    details: FieldDetailsList
    type: GraphQLObjectType
    definition: GraphQLField

    @property
    def nodes(self) -> list[FieldNode]:
        return [detail.node for detail in self.details]

    @property
    def name(self) -> str:
        return self.nodes[0].name.value

    @property
    def who(self) -> Who | None:
        """Whom the policy lets see it, if not all who reach its object."""
        return self.definition.extensions.get(policy.WHO)

    @property
    def declared(self) -> StrawberryField:
        """Raises Unknown."""
        if DEFINITION not in self.definition.extensions:
            raise Unknown(self.name)
        declared: StrawberryField = self.definition.extensions[DEFINITION]
        return declared

    def source(self) -> Batch | Callable[[Any], Any]:
        """Where its value is from: a batch, or what reads it from a row. Raises Unknown."""
        if self.name == TYPENAME:
            return lambda _: self.type.name
        if SOURCE in self.declared.metadata:
            source: Batch | Callable[[Any], Any] = self.declared.metadata[SOURCE]
            return source
        if self.declared.is_basic_field:
            return attrgetter(self.declared.python_name)
        raise Unknown(self.name)

    @property
    def is_own(self) -> bool:
        """Whether its value follows from its row alone."""
        if self.name == TYPENAME:
            return True
        if STEADY in self.declared.metadata:
            return bool(self.declared.metadata[STEADY])
        view = self.type.extensions[DEFINITION].origin
        name, rows = self.declared.python_name, getattr(view, "rows", ())
        if not rows or getattr(view, STEADY, False):
            return bool(rows)
        return all(_has_column(row, name) for row in rows)

    def answer(self) -> Callable[..., Any]:
        """The function behind a root field. Raises Unknown."""
        if SOURCE not in self.declared.metadata:
            raise Unknown(self.name)
        answer: Callable[..., Any] = self.declared.metadata[SOURCE]
        return answer


def _has_column(row: type, name: str) -> bool:
    return issubclass(row, Model) and name in row._meta.fields_db_projection  # noqa: SLF001  # Tortoise tells of it nowhere else


def fields(
    schema: GraphQLSchema, collected: CollectedFields, type_: GraphQLObjectType
) -> Iterator[Asked]:
    """In the order of the answer."""
    for key, details in collected.grouped_field_set.items():
        definition = schema.get_field(type_, details[0].node.name.value)
        yield Asked(key, details, type_, cast("GraphQLField", definition))  # it is valid
