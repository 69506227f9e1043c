"""What is asked of rows before they are read: who reads them may bring some of it along."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any
from uuid import UUID

from core.pages import MOST, Page

BatchFunction = Callable[..., Awaitable[Sequence[Any]]]
Asked = tuple[BatchFunction, tuple[tuple[str, Any], ...]]
"""A batch and its arguments."""

NOTHING: Mapping[UUID, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Ahead:
    """`asked` tells with which arguments; of a batch that is asked twice, one of them."""

    asked: dict[BatchFunction, Asked] = field(default_factory=dict)
    brought: dict[Asked, dict[UUID, Any]] = field(default_factory=dict)
    steady: set[Asked] = field(default_factory=set)
    twice: set[Asked] = field(default_factory=set)  # brought, by two who may have read apart

    def ask(self, function: BatchFunction, given: Mapping[str, Any]) -> None:
        self.asked[function] = function, (*given.items(),)

    def page(self, function: BatchFunction) -> Page | None:
        """The page that is asked of a batch, if it is the first one."""
        _, given = self.asked.get(function, (function, ()))
        match dict(given):
            case {"first": int(first), "after": None} if 1 <= first <= MOST:
                return Page(first)
            case _:
                return None

    def of(self, function: BatchFunction, given: Mapping[str, Any]) -> Mapping[UUID, Any]:
        """What was brought of a batch with these arguments."""
        return self.brought.get((function, (*given.items(),)), NOTHING) if self.brought else NOTHING

    def bring(
        self, function: BatchFunction, values: Mapping[UUID, Any], *, steady: bool = False
    ) -> None:
        """What the batch would answer for the rows with these ids; if `steady`, as long as they
        are the same objects."""
        if which := self.asked.get(function):
            if which in self.brought:
                self.twice.add(which)
            self.brought.setdefault(which, {}).update(values)
            if steady:
                self.steady.add(which)

    def is_steady(self, function: BatchFunction, given: Mapping[str, Any], id: UUID) -> bool:
        """Whether what was brought for this row stays the same as long as the row does."""
        which = function, (*given.items(),)
        return which in self.steady and id in self.brought[which]
