"""Pages of a list that can grow: keyset pagination with encrypted cursors.

A list is ordered by (moment, id), and its cursor is that pair.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain, repeat
from operator import attrgetter
from typing import Any, Generic, NamedTuple, TypeVar
from uuid import UUID

from tortoise.models import Model

from core import cursors
from core.database.sql import Statement
from core.errors import Invalid
from core.text import Text

DEFAULT, MOST = 20, 100
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Row = TypeVar("Row")


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


EARLIEST = Position(EPOCH, UUID(int=0))
LATEST = Position(datetime(9999, 12, 31, tzinfo=UTC), UUID(int=2**128 - 1))


@dataclass(frozen=True, slots=True)
class Page:
    """What a reader asks for: the first rows, or the first behind a cursor."""

    first: int = DEFAULT
    after: str | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.first <= MOST:
            raise BadPageSize


class Edge(NamedTuple, Generic[Row]):
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
        return cursors.closed(microseconds(at).to_bytes(8, "big") + row.id.bytes, listing=self.name)

    def position(self, cursor: str) -> Position:
        """Raises BadCursor."""
        plain = cursors.opened(cursor, listing=self.name)
        return Position(moment(int.from_bytes(plain[:8], "big")), UUID(bytes=plain[8:]))

    def start(self, page: Page) -> dict[str, Any]:
        """The values of `page`."""
        first = LATEST if self.newest_first else EARLIEST
        at, id = first if page.after is None else self.position(page.after)
        return {"start_at": at, "start_id": id, "most": page.first + 1}

    def page(self, table: str) -> str:
        """How a statement ends that reads a page, and one row more to know whether there are."""
        return f"AND {self.behind(table)} {self.ordered(table)} LIMIT :most"

    def behind(self, table: str) -> str:
        beyond = "<" if self.newest_first else ">"
        return f"({table}.{self.column}, {table}.id) {beyond} (:start_at, :start_id)"

    def ordered(self, table: str) -> str:
        direction = "DESC" if self.newest_first else "ASC"
        return f"ORDER BY {table}.{self.column} {direction}, {table}.id {direction}"

    def merged(self, *lists: Sequence[Row]) -> list[Row]:
        """The rows of several such lists as one."""
        key = attrgetter(self.column, "id")
        return sorted(chain(*lists), key=key, reverse=self.newest_first)


class Connection(NamedTuple, Generic[Row]):
    """One page of a list, with a cursor for every row."""

    listing: Listing
    rows: Sequence[Row] = ()
    has_next_page: bool = False

    @property
    def edges(self) -> list[Edge[Row]]:
        return [Edge(self.listing, row) for row in self.rows]

    @property
    def page_info(self) -> PageInfo:
        end = self.listing.cursor(self.rows[-1]) if self.rows else None
        return PageInfo(self.has_next_page, end)


class Standing(Connection[Row]):
    """A page that is handed out again, unchanged."""


class Listed:
    """A list of rows by SQL text, which ends with its condition; a page of it is one statement."""

    def __init__(self, text: str, model: type[Model], listing: Listing) -> None:
        table = model._meta.db_table  # noqa: SLF001  # Tortoise's documented way to it
        self.listing = listing
        self.statement = Statement(f"{text} {listing.page(table)}", model)

    async def read(self, page: Page, **values: Any) -> Connection[Any]:
        rows = await self.statement.rows(**self.listing.start(page), **values)
        return cut([row for (row,) in rows], self.listing, page)


class Joined(NamedTuple):
    """A model whose rows come along, and what puts one into the row it belongs to."""

    model: type[Model]
    join: str
    put: Callable[..., Any]


class Each:
    """What is listed for each of several parents, the pages of all in one statement.

    `condition` is SQL about the model's table; there `parent.id` is the parent, and `parent.mark`
    a text that may be given with it.
    """

    def __init__(
        self,
        model: type[Model],
        condition: str,
        listing: Listing,
        joined: "Joined | None" = None,
    ) -> None:
        self.listing = listing
        self.put = joined.put if joined else _alone
        table = model._meta.db_table  # noqa: SLF001  # Tortoise's documented way to it
        page = f"FROM {table} WHERE {condition} {listing.page(table)}"
        models = [model, joined.model] if joined else [model]
        selected = ", ".join(f"{model._meta.db_table}.*" for model in models)  # noqa: SLF001  # as above
        rest = f"{joined.join if joined else ''} {listing.ordered(table)}"
        self.statement = Statement(
            f"""SELECT {selected}, parent.number
            FROM unnest(:ids::uuid[], :marks::text[]) WITH ORDINALITY AS parent (id, mark, number)
            CROSS JOIN LATERAL (SELECT {table}.* {page}) AS {table} {rest}""",
            *models,
            sqlite=f"""SELECT {selected}, parent.number
            FROM (SELECT key + 1 AS number, value AS id,
                  json_extract(:marks, '$[' || key || ']') AS mark FROM json_each(:ids)) AS parent
            JOIN {table} ON {table}.id IN (SELECT {table}.id {page}) {rest}""",
        )

    async def read(
        self, parents: Sequence[UUID], page: Page, marks: Sequence[str] = (), **values: Any
    ) -> list[Connection[Any]]:
        marked = dict(zip(parents, marks or repeat(None)))  # noqa: B905  # as many as there are
        found: dict[UUID, list[Any]] = {id: [] for id in marked}
        each = list(found.values())
        given = {"ids": list(marked), "marks": list(marked.values()), **values}
        for *row, number in await self.statement.rows(**self.listing.start(page), **given):
            each[number - 1].append(self.put(*row))
        return [cut(found[id], self.listing, page) for id in parents]


def _alone(row: Row) -> Row:
    return row


def cut(rows: Sequence[Row], listing: Listing, page: Page) -> Connection[Row]:
    """A connection from at most one row more than the page holds."""
    return Connection(listing, rows[: page.first], has_next_page=len(rows) > page.first)


def microseconds(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(microseconds=1)


def moment(microseconds: int) -> datetime:
    return EPOCH + timedelta(microseconds=microseconds)
