"""Pages of a list that can grow: keyset pagination with encrypted cursors.

A list is ordered by (moment, id), and its cursor is that pair.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, NamedTuple, TypeVar
from uuid import UUID

from tortoise.expressions import Q
from tortoise.models import Model
from tortoise.queryset import QuerySet

from core import cursors, unions
from core.errors import Invalid
from core.text import Text

DEFAULT, MOST = 20, 100
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Row = TypeVar("Row")
ModelRow = TypeVar("ModelRow", bound=Model)
Parent = TypeVar("Parent", bound=Hashable)


class BadPageSize(Invalid):
    text = Text(
        f"`first` goes from 1 to {MOST}.",
        f"first 的取值范围是 1 到 {MOST}。",
        f"first 的取值範圍是 1 到 {MOST}。",
    )


class Position(NamedTuple):
    """A place in a list: behind the row with this moment and id."""

    at: datetime
    id: UUID


@dataclass(frozen=True, slots=True)
class Page:
    """What a reader asks for: the first rows, or the first behind a cursor."""

    first: int = DEFAULT
    after: str | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.first <= MOST:
            raise BadPageSize


@dataclass(frozen=True, slots=True)
class Edge(Generic[Row]):
    listing: "Listing"
    node: Row

    @property
    def cursor(self) -> str:
        return self.listing.cursor(self.node)


class PageInfo(NamedTuple):
    has_next_page: bool
    end_cursor: str | None


@dataclass(frozen=True, slots=True)
class Listing:
    """A list's name, which binds its cursors, and the column that orders it."""

    name: str
    column: str
    newest_first: bool = True

    def cursor(self, row: Any) -> str:
        at: datetime = getattr(row, self.column)
        return cursors.closed(
            _microseconds(at).to_bytes(8, "big") + row.id.bytes, listing=self.name
        )

    def position(self, cursor: str) -> Position:
        """Raises BadCursor."""
        plain = cursors.opened(cursor, listing=self.name)
        at = EPOCH + timedelta(microseconds=int.from_bytes(plain[:8], "big"))
        return Position(at, UUID(bytes=plain[8:]))

    def behind(self, page: Page) -> Q:
        """The condition on rows to lie behind the page's cursor, in a form an index serves."""
        if page.after is None:
            return Q()
        at, id = self.position(page.after)
        beyond = "lt" if self.newest_first else "gt"
        later: dict[str, Any] = {f"{self.column}__{beyond}": at}
        beside: dict[str, Any] = {f"id__{beyond}": id}
        start: dict[str, Any] = {f"{self.column}__{beyond}e": at}
        return Q(**start) & (Q(**later) | Q(**beside))

    def order(self) -> tuple[str, str]:
        sign = "-" if self.newest_first else ""
        return f"{sign}{self.column}", f"{sign}id"


@dataclass(frozen=True, slots=True)
class Connection(Generic[Row]):
    """One page of a list, with a cursor for every row."""

    listing: Listing
    rows: Sequence[Row] = field(default=())
    has_next_page: bool = False

    @property
    def edges(self) -> list[Edge[Row]]:
        return [Edge(self.listing, row) for row in self.rows]

    @property
    def page_info(self) -> PageInfo:
        end = self.listing.cursor(self.rows[-1]) if self.rows else None
        return PageInfo(self.has_next_page, end)


async def read(query: QuerySet[ModelRow], listing: Listing, page: Page) -> Connection[ModelRow]:
    """One page of a query, in one statement."""
    rows = await query.filter(listing.behind(page)).order_by(*listing.order()).limit(page.first + 1)
    return cut(rows, listing, page)


async def read_each(
    parents: Sequence[Parent],
    listed: Callable[[Parent], QuerySet[ModelRow]],
    listing: Listing,
    page: Page,
) -> list[Connection[ModelRow]]:
    """The same page of what is listed for each parent, in one statement."""
    distinct = list(dict.fromkeys(parents))
    found = await _read_all([listed(parent) for parent in distinct], listing, page)
    by_parent = dict(zip(distinct, found, strict=True))
    return [by_parent[parent] for parent in parents]


async def _read_all(
    queries: Sequence[QuerySet[ModelRow]], listing: Listing, page: Page
) -> list[Connection[ModelRow]]:
    if len(queries) == 1:
        return [await read(queries[0], listing, page)]
    order, behind = listing.order(), listing.behind(page)
    ordered = [query.filter(behind).order_by(*order).limit(page.first + 1) for query in queries]
    found = await unions.run(ordered)
    return [cut(rows, listing, page) for rows in found]


def cut(rows: Sequence[Row], listing: Listing, page: Page) -> Connection[Row]:
    """A connection from at most one row more than the page holds."""
    return Connection(listing, rows[: page.first], has_next_page=len(rows) > page.first)


def _microseconds(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(microseconds=1)
