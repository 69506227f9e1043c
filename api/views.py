"""GraphQL types as views of row classes: `@view(posts.Post)` over a class without code.

A plain field reads the row's attribute of the same name. A field that leaves its row names its
batch, a domain function from keys to values in the order of the keys:

    author: Author = batch(authors.of, key=ROW)
    comments: Connection[Comment] = batch(comments.pages)

The function's keywords decide the rest: `viewer` is the reader, `page` gives the field `first` and
`after`, every other keyword is an argument of the field.
"""

import inspect
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from operator import attrgetter
from typing import Any, TypeVar
from uuid import UUID

import strawberry
from tortoise.models import Model

from api import ids
from api.context import Context, Info
from api.signatures import Signature, signed

BatchFunction = Callable[..., Awaitable[Sequence[Any]]]
Class = TypeVar("Class", bound=type)

#: As the key of a batch: the whole row.
ROW = ""

#: In a field's metadata: where its value is from, for those who need no resolver to get it.
SOURCE = "source"

#: Whether its value follows from its row alone; columns do anyway, and fields of a steady view.
STEADY = "steady"

#: And, of a root, whether it wants to know what is asked of its rows.
AHEAD = "ahead"


@dataclass(frozen=True, eq=False)
class Batch:
    """A field's way out of its row."""

    function: BatchFunction
    key: str
    steady: bool = False

    @cached_property
    def signature(self) -> Signature:
        return Signature.of(self.function, skip=1)

    def key_of(self, row: Any) -> Any:
        return getattr(row, self.key) if self.key else row

    def keys_of(self, rows: Sequence[Any]) -> list[Any]:
        return [*map(attrgetter(self.key), rows)] if self.key else [*rows]

    def bound(self, context: Context, given: Mapping[str, Any]) -> BatchFunction:
        """The function as a request calls it, with the keys alone."""
        return partial(self.function, **self.signature.bind(context, given))


def batch(function: BatchFunction, *, key: str = "id", steady: bool = False) -> Any:
    """Declare a field by its batch; the key is an attribute of the row, or the ROW.

    Where the key is null, so is the field, and the batch is not asked. It is `steady` if nothing
    but the row and the reader's language decides what it answers.
    """
    return Batch(function, key, steady)


def itself() -> Any:
    """Declare a field that shows its own row again, as payloads do."""
    return strawberry.field(resolver=_itself, metadata={SOURCE: _itself})


def id_of(tag: str, *, key: str = "id") -> Any:
    """Declare a field that shows its row's id, or another one it holds, under a type's tag."""

    id_in = attrgetter(key)

    def show(root: Any) -> Any:
        of_row: UUID | None = id_in(root)
        return ids.show(tag, of_row) if of_row else None

    return strawberry.field(resolver=show, metadata={SOURCE: show, STEADY: True})


def unsteady() -> Any:
    """Declare a field of a steady view that is told anew to each reader."""
    return strawberry.field(metadata={STEADY: False})


def view(*rows: type) -> Callable[[Class], Class]:
    """Make a class the view of rows of these classes; what does not fit them is a TypeError."""

    def decorate(cls: Class) -> Class:
        for name in inspect.get_annotations(cls):
            declared = cls.__dict__.get(name)
            needed = name if declared is None else getattr(declared, "key", ROW)
            if needed and not all(_has(row, needed) for row in rows):
                raise TypeError(f"{cls.__name__}.{name}: no row attribute {needed!r}")
            if isinstance(declared, Batch):
                load, source = _loading(declared), {SOURCE: declared}
                setattr(cls, name, strawberry.field(resolver=load, metadata=source))
        if issubclass(cls, Node):
            cls.__annotations__["id"] = UUID
            cls.id = id_of(cls.__name__.lower())
        cls.rows = rows  # type: ignore[attr-defined]
        cls.is_type_of = lambda row, _: isinstance(row, rows)  # type: ignore[attr-defined]
        return strawberry.type(cls, description=inspect.cleandoc(cls.__doc__ or "") or None)

    return decorate


@strawberry.interface
class Node:
    """What has an id of its own."""

    id: UUID


def _loading(declared: Batch) -> Callable[..., Any]:
    async def load(root: Any, info: Info, **given: Any) -> Any:
        key = declared.key_of(root)
        return None if key is None else await info.context.load(declared, key, given)

    return signed(load, declared.signature, bound_to_row=True)


def _itself(root: Any) -> Any:
    return root


def _has(row: type, attribute: str) -> bool:
    columns = row._meta.fields_map if issubclass(row, Model) else ()  # noqa: SLF001
    declared = (name for base in row.__mro__ for name in inspect.get_annotations(base))
    return attribute in columns or attribute in declared or hasattr(row, attribute)
