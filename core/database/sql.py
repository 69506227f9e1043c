"""SQL text beside the noun, where a statement is sent too often to be built anew each time.

    OPEN = Statement("SELECT post.* FROM post WHERE group_id = :group AND id = ANY(:ids)", Post)

    posts = [post for post, in await OPEN.rows(group=group.id, ids=ids)]

`:name` stands for a value, `post.*` for the columns of the model with that table. `:most` and
`:each`, the sizes of pages, are written out: a plan made for any number of rows would suit none.
The text is PostgreSQL's; where SQLite says a thing differently, that is done here, or it has its
own text.
"""

# ruff: noqa: SLF001  # Tortoise tells of columns and makes rows in its private parts only
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from functools import cache, partial
from typing import Any, NamedTuple, TypeGuard, TypeVar
from uuid import UUID

import orjson
from tortoise import fields
from tortoise.connection import get_connection
from tortoise.fields import Field
from tortoise.models import Model

from core import transactions
from core.database import versions
from core.together import Together

Row = TypeVar("Row", bound=Model)
Values = Sequence[Any]
Reader = Callable[[Values], Model | None]  # of a whole record
Sizes = tuple[int | None, int | None]

NAMED = re.compile(r"(?<!:):([a-z_]+)")
COLUMNS = re.compile(r"\b([a-z_]+)\.\*")
IN_SQLITE = (
    (re.compile(r"= ANY\((\?\d+)\)"), r"IN (SELECT value FROM json_each(\1))"),
    (re.compile(r"(\w+)\.words @@ CAST\((\?\d+) AS text\)::tsquery"), r"\1 MATCH \2"),
    (re.compile("string_agg"), "group_concat"),
    (re.compile(r' COLLATE "C"'), ""),  # which is how it compares anyway
)


class Prepared(NamedTuple):
    """A statement as one database understands it."""

    sql: str
    names: Sequence[str]  # of the values, as they are numbered
    row: Callable[[Values], tuple[Any, ...]]


class Statement:
    def __init__(self, text: str, *models: type[Model], sqlite: str | None = None) -> None:
        """The models' columns stand first in what is selected, in this order."""
        self.text = {"postgres": text, "sqlite": sqlite or text}
        self.models = models
        self.prepared: dict[tuple[str, *Sizes], Prepared] = {}

    async def rows(self, **values: Any) -> list[tuple[Any, ...]]:
        """For each row an instance of every model, then whatever else is selected."""
        database: Any = get_connection("default")
        dialect = database.capabilities.dialect
        sizes = values.get("most"), values.get("each")
        prepared = self.prepared.get((dialect, *sizes)) or self._prepare(dialect, sizes)
        given = [values[name] for name in prepared.names]
        if dialect == "sqlite":
            given = [_plain(value) for value in given]
        return [*map(prepared.row, await database.fetch(prepared.sql, given))]

    def _prepare(self, dialect: str, sizes: Sizes) -> Prepared:
        names: list[str] = []
        columns = {model._meta.db_table: _columns(model, dialect) for model in self.models}
        text = COLUMNS.sub(lambda table: columns.get(table[1], table[0]), self.text[dialect])
        for name, size in zip((":most", ":each"), sizes, strict=True):
            text = text.replace(name, str(size))
        sql = NAMED.sub(partial(_numbered, names, "$" if dialect == "postgres" else "?"), text)
        if dialect == "sqlite":
            for said, instead in IN_SQLITE:
                sql = said.sub(instead, sql)
        readers: list[Reader] = []
        start = 0
        for model in self.models:
            readers.append(reader(model, dialect, start))
            start += len(_names(model, dialect))
        self.prepared[dialect, *sizes] = Prepared(sql, names, _row(readers, slice(start, None)))
        return self.prepared[dialect, *sizes]


def _row(readers: Sequence[Reader], rest: slice) -> Callable[[Values], tuple[Any, ...]]:
    """What makes a row of a record; most are of one model."""
    if not readers:
        return tuple
    if len(readers) > 1:
        return lambda record: (*[read(record) for read in readers], *record[rest])
    [read_one] = readers
    return lambda record: (read_one(record), *record[rest])


async def in_bulk(model: type[Row], ids: Iterable[UUID]) -> dict[UUID, Row]:
    """What there is of these rows, by id; those who ask at the same time may share rows."""
    wanted = {*ids}
    return await _by_id(model).ask(wanted) if wanted else {}


@cache
def _by_id(model: type[Row]) -> Together[set[UUID], dict[UUID, Row]]:
    table = model._meta.db_table
    statement = Statement(f"SELECT {table}.* FROM {table} WHERE id = ANY(:ids)", model)

    async def rows(asked: Sequence[set[UUID]]) -> list[dict[UUID, Row]]:
        found = {row.pk: row for (row,) in await statement.rows(ids=set().union(*asked))}
        return [{id: found[id] for id in ids if id in found} for ids in asked]

    return Together(rows)


def reader(model: type[Model], dialect: str, start: int = 0) -> Reader:
    """What makes an instance of its columns' values, or finds it, if those are kept."""
    read, key = _maker(model, dialect, start)
    if not _is_kept(model, dialect):
        return lambda record: None if record[key] is None else read(record)  # of a LEFT JOIN
    kept, width = versions.rows(model), len(_names(model, dialect))
    state = slice(start + width - len(versions.STATE), start + width)

    def find(record: Values) -> Model | None:
        if (id := record[key]) is None:
            return None
        version = id, *record[state]
        if row := kept.get(version):
            return row
        row = read(record)
        versions.keep(row)
        if not transactions.is_open():  # it may write the row again before others see it
            kept.put(version, row)
        return row

    return find


def _maker(model: type[Model], dialect: str, start: int) -> tuple[Callable[[Values], Model], int]:
    """What makes an instance as the ORM does, in a fraction of the time; where its id stands."""
    columns = tuple(model._meta.fields_db_projection)
    key, values = start + columns.index(model._meta.pk_attr), slice(start, start + len(columns))
    all_ = ((name, _converter(model._meta.fields_map[name], dialect)) for name in columns)
    converters = [(name, convert) for name, convert in all_ if convert]
    new, put = model.__new__, object.__setattr__  # past what the ORM does for each assignment
    custom = model._meta.db_pk_column not in model._meta.generated_db_fields
    names = (*columns, "_partial", "_saved_in_db", "_custom_generated_pk")
    known = False, True, custom

    def read(record: Values) -> Model:
        attributes = dict(zip(names, (*record[values], *known)))  # noqa: B905  # they are ours
        for name, convert in converters:
            if (value := attributes[name]) is not None:
                attributes[name] = convert(value)
        row = new(model)
        put(row, "__dict__", attributes)
        return row

    return read, key


#: What SQLite keeps as text or as a number.
FROM_SQLITE: dict[type[Field[Any]], Callable[[Any], Any]] = {
    fields.BooleanField: bool,
    fields.DatetimeField: datetime.fromisoformat,
    fields.DateField: date.fromisoformat,
    fields.UUIDField: UUID,
}


def _columns(model: type[Model], dialect: str) -> str:
    table = model._meta.db_table
    return ", ".join(f'"{table}"."{name}"' for name in _names(model, dialect))


def _names(model: type[Model], dialect: str) -> list[str]:
    state = versions.STATE if _is_kept(model, dialect) else ()
    return [*model._meta.fields_db_projection.values(), *state]


def _is_kept(model: type[Model], dialect: str) -> TypeGuard[type[versions.KeptModel]]:
    return dialect == "postgres" and issubclass(model, versions.KeptModel)


def _numbered(names: list[str], mark: str, match: re.Match[str]) -> str:
    if match[1] not in names:
        names.append(match[1])
    return f"{mark}{names.index(match[1]) + 1}"


def _converter(field: Field[Any], dialect: str) -> Callable[[Any], Any] | None:
    """From what the driver gives to what the model holds; None where that is the same."""
    if isinstance(field, fields.JSONField):
        return orjson.loads
    if enum := getattr(field, "enum_type", None):
        members: dict[Any, Any] = {member.value: member for member in enum}
        return members.__getitem__
    if dialect == "postgres":
        return None
    return next((convert for kind, convert in FROM_SQLITE.items() if isinstance(field, kind)), None)


def _plain(value: Any) -> Any:
    """As SQLite takes it."""
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, (list, tuple, set)):
        return orjson.dumps(list(value), default=str).decode()
    return value
