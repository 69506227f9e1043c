"""How a value becomes a part of the answer, by its type: a leaf, a list, or an object of fields."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from graphql import FieldNode
from graphql.pyutils import is_iterable

from api.engine.places import Place

if TYPE_CHECKING:
    from api.engine.fields import Field
    from api.engine.run import Run


@dataclass(frozen=True, eq=False, slots=True)
class Shape:
    """Of the values of one field; `name` is the schema's, such as `Post.author`."""

    name: str
    nodes: Sequence[FieldNode]
    nullable: bool

    def complete(self, value: Any, place: Place | None, run: "Run") -> Any:
        """Raises where there is no value and must be one."""
        if value is None:
            if self.nullable:
                return None
            raise TypeError(f"Cannot return null for non-nullable field {self.name}.")
        if isinstance(value, Exception):
            raise value
        return self.present(value, place, run)

    def present(self, value: Any, place: Place | None, run: "Run") -> Any:
        raise NotImplementedError


@dataclass(frozen=True, eq=False, slots=True)
class Leaf(Shape):
    told: Callable[[Any], Any]
    exact: type  # whose instances are told as they are

    def complete(self, value: Any, place: Place | None, run: "Run") -> Any:
        return value if type(value) is self.exact else Shape.complete(self, value, place, run)

    def present(self, value: Any, place: Place | None, run: "Run") -> Any:
        return self.told(value)


@dataclass(frozen=True, eq=False, slots=True)
class List(Shape):
    item: Shape

    def present(self, value: Any, place: Place | None, run: "Run") -> list[Any]:
        if type(value) is not list and not is_iterable(value):
            raise TypeError(f"Expected Iterable, but did not find one for field '{self.name}'.")
        out: list[Any] = []
        for index, item in enumerate(value):
            where = (place, out, index, self.item.nullable)
            try:
                out.append(self.item.complete(item, where, run))
            except Exception as error:  # noqa: BLE001  # told in the answer
                out.append(run.failed(error, self.item, where))
        return out


@dataclass(frozen=True, eq=False, slots=True)
class Object(Shape):
    """Of a view, `rows` are the classes that it shows."""

    rows: tuple[type, ...]
    fields: Sequence["Field"]

    def present(self, value: Any, place: Place | None, run: "Run") -> dict[str, Any]:
        if not isinstance(value, self.rows):
            raise TypeError(f"{self.name} does not show {type(value)}.")
        out: dict[str, Any] = {}
        for field in self.fields:
            try:
                field.put(value, out, place, run)
            except Exception as error:  # noqa: BLE001  # told in the answer
                where = (place, out, field.key, field.shape.nullable)
                out[field.key] = run.failed(error, field.shape, where)
        return out


@dataclass(frozen=True, eq=False, slots=True)
class Abstract(Shape):
    """A union or an interface: the class of a row tells which of its members it is."""

    members: Sequence[Object]
    known: dict[type, Object]

    def present(self, value: Any, place: Place | None, run: "Run") -> dict[str, Any]:
        member = self.known.get(type(value)) or self._member(type(value))
        return member.present(value, place, run)

    def _member(self, class_: type) -> Object:
        for member in self.members:
            if issubclass(class_, member.rows):
                return self.known.setdefault(class_, member)
        raise TypeError(f"{self.name} does not show {class_}.")
