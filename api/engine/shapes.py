"""How a value becomes a part of the answer, by its type: a leaf, a list, or an object of fields."""

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import chain, count, islice, repeat
from types import NoneType
from typing import TYPE_CHECKING, Any

from graphql import FieldNode
from graphql.pyutils import is_iterable

from api.engine import told
from api.engine.places import Place
from api.engine.told import Memo, Told

if TYPE_CHECKING:
    from api.engine.fields import Batched, Field
    from api.engine.run import Run


class OutOfOrder(Exception):
    """Not all the values of a field are as they should be."""


@dataclass(frozen=True, eq=False, slots=True)
class Shape:
    """Of the values of one field; `name` is the schema's, such as `Post.author`."""

    name: str
    nodes: Sequence[FieldNode]
    nullable: bool

    def steady(self, run: "Run | None" = None) -> bool:
        """Whether the values alone decide what it tells of them; in a run: of those of a page."""
        return False

    def batched(self) -> Iterator["Batched"]:
        """What is asked of the rows that it shows."""
        yield from ()

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

    def column(self, values: Sequence[Any], places: Sequence[Place], run: "Run") -> Sequence[Any]:
        """All the values of a field at once. Raises where one of them is not in order."""
        types = set(map(type, values))
        if NoneType not in types:
            return self.present_all(values, types, places, run)
        if not self.nullable:
            raise OutOfOrder
        there = [index for index, value in enumerate(values) if value is not None]
        out: list[Any] = [None] * len(values)
        some = pick(values, there), types - {NoneType}, pick(places, there)
        scatter(out, there, self.present_all(*some, run))
        return out

    def present_all(
        self, values: Sequence[Any], types: AbstractSet[type], places: Sequence[Place], run: "Run"
    ) -> Sequence[Any]:
        raise NotImplementedError


@dataclass(frozen=True, eq=False, slots=True)
class Leaf(Shape):
    told: Callable[[Any], Any]
    exact: type  # whose instances are told as they are
    standing: Callable[[Sequence[Any], AbstractSet[type]], bool]  # the same of many values

    def steady(self, run: "Run | None" = None) -> bool:
        return True

    def complete(self, value: Any, place: Place | None, run: "Run") -> Any:
        return value if type(value) is self.exact else Shape.complete(self, value, place, run)

    def present(self, value: Any, place: Place | None, run: "Run") -> Any:
        return self.told(value)

    def present_all(
        self, values: Sequence[Any], types: AbstractSet[type], places: Sequence[Place], run: "Run"
    ) -> Sequence[Any]:
        if self.standing(values, types):
            return values
        if any(issubclass(type_, Exception) for type_ in types):
            raise OutOfOrder
        return [self.told(value) for value in values]


@dataclass(frozen=True, eq=False, slots=True)
class List(Shape):
    item: Shape

    def steady(self, run: "Run | None" = None) -> bool:
        return self.item.steady(run)

    def batched(self) -> Iterator["Batched"]:
        yield from self.item.batched()

    def present(self, value: Any, place: Place | None, run: "Run") -> list[Any]:
        if type(value) is not list and not is_iterable(value):
            raise TypeError(f"Expected Iterable, but did not find one for field '{self.name}'.")
        out: list[Any] = []
        items = [*value]
        places = [(place, out, index, self.item.nullable) for index in range(len(items))]
        if (column := run.column(self.item, items, places)) is not None:
            out += column
            return out
        for item, where in zip(items, places, strict=True):
            try:
                out.append(self.item.complete(item, where, run))
            except Exception as error:  # noqa: BLE001  # told in the answer
                out.append(run.failed(error, self.item, where))
        return out

    def present_all(
        self, values: Sequence[Any], types: AbstractSet[type], places: Sequence[Place], run: "Run"
    ) -> Sequence[Any]:
        out: list[list[Any]] = [[None] * len(value) for value in values]
        inner = [
            (place, list_, index, self.item.nullable)
            for place, list_ in zip(places, out, strict=True)
            for index in range(len(list_))
        ]
        items = iter(self.item.column(list(chain(*values)), inner, run))
        for list_ in out:
            list_[:] = islice(items, len(list_))
        return out


@dataclass(frozen=True, eq=False, slots=True)
class Object(Shape):
    """Of a view, `rows` are the classes that it shows."""

    rows: tuple[type, ...]
    fields: Sequence["Field"]
    keeps: bool  # its rows may be kept, and what was told of them
    number: int = dataclasses.field(default_factory=count().__next__)

    def steady(self, run: "Run | None" = None) -> bool:
        return all(field.steady(run) for field in self.fields)

    def batched(self) -> Iterator["Batched"]:
        for field in self.fields:
            yield from field.batched()

    def present(self, value: Any, place: Place | None, run: "Run") -> Any:
        if not isinstance(value, self.rows):
            raise TypeError(f"{self.name} does not show {type(value)}.")
        out, fields = self._begun(value, run)
        for field in fields:
            try:
                field.put(value, out, place, run)
            except Exception as error:  # noqa: BLE001  # told in the answer
                where = (place, out, field.key, field.shape.nullable)
                out[field.key] = run.failed(error, field.shape, where)
        return out

    def _begun(self, row: Any, run: "Run") -> tuple[Any, Sequence["Field"]]:
        """What is known of it, and which fields are not."""
        if not self.keeps:
            return {}, self.fields
        [memo] = told.recall([row], self, run)
        if memo is None:
            return told.hold(row, self, run, {}), self.fields
        return Told(memo, {}) if memo.open else told.whole(memo), pick(self.fields, memo.open)

    def present_all(
        self, values: Sequence[Any], types: AbstractSet[type], places: Sequence[Place], run: "Run"
    ) -> Sequence[Any]:
        if not all(issubclass(type_, self.rows) for type_ in types):
            raise OutOfOrder
        if self.keeps and any(memos := told.recall(values, self, run)):
            return self._again(values, memos, places, run)
        return self._anew(values, places, run)

    def _anew(self, rows: Sequence[Any], places: Sequence[Place], run: "Run") -> Sequence[Any]:
        out = _objects(self.fields, rows, places, run)
        if self.keeps:
            out = [told.hold(row, self, run, one) for row, one in zip(rows, out, strict=True)]
        for field in self.fields:
            field.put_all(rows, out, places, run)
        return out

    def _again(
        self,
        rows: Sequence[Any],
        memos: Sequence[Memo | None],
        places: Sequence[Place],
        run: "Run",
    ) -> Sequence[Any]:
        """Of what is known only that which is open; the same is open of nearly all rows."""
        opened = [memo.open if memo else None for memo in memos]
        if len(kinds := {*opened}) == 1:
            return self._alike(opened[0], rows, memos, places, run)
        out: list[Any] = [None] * len(rows)
        for open_ in kinds:
            those = [n for n, one in enumerate(opened) if one == open_]
            some = pick(rows, those), pick(memos, those), pick(places, those)
            scatter(out, those, self._alike(open_, *some, run))
        return out

    def _alike(
        self,
        open_: tuple[int, ...] | None,
        rows: Sequence[Any],
        memos: Sequence[Any],  # which have these fields open
        places: Sequence[Place],
        run: "Run",
    ) -> Sequence[Any]:
        if open_ is None:
            return self._anew(rows, places, run)
        if open_:
            return self._filled(pick(self.fields, open_), rows, memos, places, run)
        return [*map(told.whole, memos)]

    def _filled(
        self,
        fields: Sequence["Field"],
        rows: Sequence[Any],
        memos: Sequence[Memo],
        places: Sequence[Place],
        run: "Run",
    ) -> Sequence[Told]:
        out = [*map(Told, memos, _objects(fields, rows, places, run))]
        for field in fields:
            field.put_all(rows, out, places, run)
        return out


@dataclass(frozen=True, eq=False, slots=True)
class Abstract(Shape):
    """A union or an interface: the class of a row tells which of its members it is."""

    members: Sequence[Object]
    known: dict[type, Object]

    def steady(self, run: "Run | None" = None) -> bool:
        return all(member.steady(run) for member in {*self.members, *self.known.values()})

    def batched(self) -> Iterator["Batched"]:
        for member in {*self.members, *self.known.values()}:
            yield from member.batched()

    def present(self, value: Any, place: Place | None, run: "Run") -> Any:
        member = self.known.get(type(value)) or self._member(type(value))
        return member.present(value, place, run)

    def present_all(
        self, values: Sequence[Any], types: AbstractSet[type], places: Sequence[Place], run: "Run"
    ) -> Sequence[Any]:
        members = {type_: self.known.get(type_) or self._member(type_) for type_ in types}
        if len(members) == 1:
            [member] = members.values()
            return member.present_all(values, types, places, run)
        out: list[Any] = [None] * len(values)
        for type_, member in members.items():
            those = [index for index, value in enumerate(values) if type(value) is type_]
            some = pick(values, those), {type_}, pick(places, those)
            scatter(out, those, member.present_all(*some, run))
        return out

    def _member(self, class_: type) -> Object:
        for member in self.members:
            if issubclass(class_, member.rows):
                return self.known.setdefault(class_, member)
        raise TypeError(f"{self.name} does not show {class_}.")


def _objects(
    fields: Sequence["Field"], rows: Sequence[Any], places: Sequence[Place], run: "Run"
) -> list[dict[str, Any]]:
    """With what is in the rows, and room for all else."""
    keys = [field.key for field in fields]
    columns = [field.column(rows, places, run) for field in fields]
    values = zip(*columns, strict=True) if columns else repeat((), len(rows))
    return [dict(zip(keys, one, strict=True)) for one in values]


def pick(values: Sequence[Any], indices: Iterable[int]) -> list[Any]:
    return [values[index] for index in indices]


def scatter(out: list[Any], indices: Iterable[int], values: Iterable[Any]) -> None:
    for index, value in zip(indices, values, strict=True):
        out[index] = value
