"""What an operation adds up to with its fragments written out, without writing them out."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLNamedType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
    get_named_type,
)

PAGE = 20
LARGEST_PAGE = 100
INTROSPECTION = ("__schema", "__type")
INTROSPECTION_GOES_DEEPER = 10


UNKNOWN: Mapping[str, int] = MappingProxyType({})


class Weight(NamedTuple):
    depth: int = 0
    fields: int = 0
    aliases: int = 0
    directives: int = 0
    cost: int = 0
    introspects: bool = False

    def beside(self, other: "Weight") -> "Weight":
        return Weight(
            max(self.depth, other.depth),
            self.fields + other.fields,
            self.aliases + other.aliases,
            self.directives + other.directives,
            self.cost + other.cost,
            self.introspects or other.introspects,
        )

    def within(self, field: FieldNode, *, times: int) -> "Weight":
        """What a field weighs that selects this, as often as its page is long."""
        introspects = field.name.value in INTROSPECTION
        return Weight(
            self.depth + 1 - introspects * INTROSPECTION_GOES_DEEPER,
            self.fields + 1,
            self.aliases + (field.alias is not None),
            self.directives,
            self.cost * times + 1,
            self.introspects or introspects,
        )


NOTHING = Weight()


class Scale:
    """Weighs operations of one document; each fragment once, however often it is spread.

    Cycles and unknown names weigh nothing, for validation refuses them. `sizes` tells how large
    the pages are that variables decide; those it leaves out count as the largest.
    """

    def __init__(
        self, schema: GraphQLSchema, document: DocumentNode, sizes: Mapping[str, int] = UNKNOWN
    ) -> None:
        self.schema = schema
        self.sizes = sizes
        self.deciding: set[str] = set()
        self.fragments = {
            node.name.value: node
            for node in document.definitions
            if isinstance(node, FragmentDefinitionNode)
        }
        self.weighed: dict[str, Weight] = {}

    def weigh(self, operation: OperationDefinitionNode) -> Weight:
        """Raises RecursionError if the document is nested absurdly deep."""
        root = self.schema.get_root_type(operation.operation)
        return _directives(operation).beside(self._selected(operation.selection_set, root))

    def _selected(
        self, selections: SelectionSetNode | None, parent: GraphQLNamedType | None
    ) -> Weight:
        total = NOTHING
        for selection in selections.selections if selections else ():
            total = total.beside(_directives(selection)).beside(self._one(selection, parent))
        return total

    def _one(self, selection: SelectionNode, parent: GraphQLNamedType | None) -> Weight:
        match selection:
            case FieldNode():
                return self._field(selection, parent)
            case FragmentSpreadNode():
                return self._fragment(selection.name.value)
            case InlineFragmentNode(type_condition=None):
                return self._selected(selection.selection_set, parent)
            case InlineFragmentNode():
                return self._on(selection)
            case _:
                return NOTHING

    def _field(self, node: FieldNode, parent: GraphQLNamedType | None) -> Weight:
        field = getattr(parent, "fields", {}).get(node.name.value)
        children = self._selected(node.selection_set, get_named_type(field.type) if field else None)
        return children.within(node, times=self._page(node, field))

    def _fragment(self, name: str) -> Weight:
        if name in self.fragments and name not in self.weighed:
            self.weighed[name] = NOTHING  # should it spread itself
            self.weighed[name] = self._on(self.fragments[name])
        return self.weighed.get(name, NOTHING)

    def _on(self, fragment: FragmentDefinitionNode | InlineFragmentNode) -> Weight:
        condition = fragment.type_condition
        parent = self.schema.get_type(condition.name.value) if condition else None
        return self._selected(fragment.selection_set, parent)

    def _page(self, node: FieldNode, field: GraphQLField | None) -> int:
        if field is None or "first" not in field.args:
            return 1
        given = {argument.name.value: argument.value for argument in node.arguments or ()}
        return page_size(self._asked(given.get("first")))

    def _asked(self, first: ValueNode | None) -> int | None:
        if isinstance(first, VariableNode):
            self.deciding.add(first.name.value)
            return self.sizes.get(first.name.value, LARGEST_PAGE)
        return _number(first)


def page_size(asked: Any) -> int:
    return min(max(asked if isinstance(asked, int) else PAGE, 1), LARGEST_PAGE)


def defaults(operation: OperationDefinitionNode) -> dict[str, int | None]:
    """Of its variables, as far as they are numbers."""
    nodes = operation.variable_definitions or ()
    return {node.variable.name.value: _number(node.default_value) for node in nodes}


def _number(value: ValueNode | None) -> int | None:
    return int(value.value[:9]) if isinstance(value, IntValueNode) else None


def _directives(node: OperationDefinitionNode | SelectionNode) -> Weight:
    return Weight(directives=len(node.directives)) if node.directives else NOTHING
