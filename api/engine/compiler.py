"""From an operation to its plan: fragments, directives and merged fields are written out."""

from typing import TypeAlias, cast

import strawberry
from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    GraphQLAbstractType,
    GraphQLObjectType,
    GraphQLOutputType,
    OperationType,
    get_nullable_type,
    is_abstract_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
)
from graphql.execution.collect_fields import FragmentDetails, collect_fields, collect_subfields
from graphql.execution.values import VariableValues
from tortoise.models import Model

from api.engine import asked as asking
from api.engine import leaves
from api.engine.arguments import Arguments
from api.engine.asked import DEFINITION, TYPENAME, Asked, Unknown
from api.engine.fields import Batched, Field, Plain, PlainLeaf, Root, Withheld
from api.engine.plan import Plan, Stream
from api.engine.shapes import Abstract, Leaf, List, Object, Shape
from api.operations import Operation
from api.views import AHEAD, Batch
from core.database.versions import TOLD
from core.pages import Connection

About: TypeAlias = tuple[str, list[FieldNode], bool]
"""What every shape is told: its field's name, the nodes of it, and whether it may be null."""


class Compiler:
    """Of one operation, for one choice of what @include and @skip leave of it."""

    def __init__(
        self, schema: strawberry.Schema, operation: Operation, variables: VariableValues
    ) -> None:
        self.schema = schema
        self.core = schema._schema  # noqa: SLF001  # Strawberry hands it out nowhere else
        self.operation = operation.definition
        self.variables = variables
        self.fragments = {
            node.name.value: FragmentDetails(node)
            for node in operation.document.definitions
            if isinstance(node, FragmentDefinitionNode)
        }

    def plan(self) -> Plan:
        """Raises Unknown."""
        kind = self.operation.operation
        type_ = cast("GraphQLObjectType", self.core.get_root_type(kind))
        found = collect_fields(self.core, self.fragments, self.variables, type_, self.operation)
        roots = [self._root(asked) for asked in asking.fields(self.core, found, type_)]
        if kind is OperationType.SUBSCRIPTION:
            return self._stream(roots)
        return Plan(roots, serial=kind is OperationType.MUTATION)

    def _root(self, asked: Asked) -> Field:
        if asked.name == TYPENAME:
            return self._field(asked)
        answer = asked.answer()
        shape = self._shape(asked.definition.type, asked)
        following = [*shape.batched()] if asked.declared.metadata.get(AHEAD) else []
        return Root(asked.key, shape, answer, Arguments(self.schema, asked), following)

    def _stream(self, roots: list[Field]) -> Stream:
        """Its only root shows the event."""
        [source] = roots
        if not isinstance(source, Root):
            raise Unknown(source.key)
        event = Plain(source.key, source.shape, read=lambda event: event, own=False)
        return Stream([event], source=source)

    def _fields(self, type_: GraphQLObjectType, parent: Asked) -> list[Field]:
        found = collect_subfields(
            self.core, self.fragments, self.variables, self.operation, type_, parent.details
        )
        return [self._field(asked) for asked in asking.fields(self.core, found, type_)]

    def _field(self, asked: Asked) -> Field:
        source = asked.source()
        key, shape = asked.key, self._shape(asked.definition.type, asked)
        field: Field
        if isinstance(source, Batch):
            field = Batched(key, shape, source, Arguments(self.schema, asked))
        elif isinstance(shape, Leaf):
            field = PlainLeaf(key, shape, source, asked.is_own)
        else:
            field = Plain(key, shape, source, asked.is_own)
        return Withheld(key, shape, field, asked.who) if asked.who else field

    def _shape(self, type_: GraphQLOutputType, asked: Asked) -> Shape:
        about: About = (f"{asked.type.name}.{asked.name}", asked.nodes, not is_non_null_type(type_))
        present = get_nullable_type(type_)
        if is_leaf_type(present):
            return Leaf(*about, *leaves.all_of(present))
        if is_list_type(present):
            return List(*about, self._shape(present.of_type, asked))
        if is_abstract_type(present):
            return self._abstract(present, asked, about)
        return self._object(cast("GraphQLObjectType", present), asked, about)

    def _object(self, type_: GraphQLObjectType, asked: Asked, about: About) -> Object:
        rows = _rows(type_)
        keeps = all(issubclass(row, (Model, Connection)) or hasattr(row, TOLD) for row in rows)
        return Object(*about, rows, self._fields(type_, asked), keeps)

    def _abstract(self, type_: GraphQLAbstractType, asked: Asked, about: About) -> Abstract:
        possible = self.core.get_possible_types(type_)
        members = {one: self._object(one, asked, about) for one in possible}
        views = [member for one, member in members.items() if one.is_type_of]
        made = {_origin(one): member for one, member in members.items() if not one.is_type_of}
        return Abstract(*about, views, made)


def _rows(type_: GraphQLObjectType) -> tuple[type, ...]:
    """The classes that it shows: of a view, those it names."""
    rows: tuple[type, ...] | None = getattr(_origin(type_), "rows", None)
    if rows is None and type_.is_type_of:
        raise Unknown(type_.name)
    return rows or (object,)


def _origin(type_: GraphQLObjectType) -> type:
    origin: type = type_.extensions[DEFINITION].origin
    return origin
