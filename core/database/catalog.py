"""What the database really has, read back and compared with what the models demand."""
# ruff: noqa: SLF001  # only the private part of a model knows its columns

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.indexes import Index
from tortoise.models import Model

COLUMNS = {
    "sqlite": """
        SELECT made.name AS "table", info.name AS "column"
        FROM sqlite_master AS made, pragma_table_info(made.name) AS info
        WHERE made.type = 'table'""",
    "postgres": """
        SELECT table_name AS "table", column_name AS "column"
        FROM information_schema.columns WHERE table_schema = current_schema()""",
}
INDEXES = {
    "sqlite": """
        SELECT made.name AS "table", list.name, list."unique", list.partial, info.name AS "column"
        FROM sqlite_master AS made, pragma_index_list(made.name) AS list,
             pragma_index_info(list.name) AS info
        WHERE made.type = 'table' ORDER BY list.name, info.seqno""",
    "postgres": """
        SELECT own.relname AS "table", made.relname AS name, indisunique AS "unique",
               indpred IS NOT NULL AS partial, attname AS "column"
        FROM pg_index
        JOIN pg_class AS own ON own.oid = indrelid
        JOIN pg_class AS made ON made.oid = indexrelid
        JOIN pg_attribute ON attrelid = indexrelid
        WHERE own.relnamespace = current_schema()::regnamespace ORDER BY made.relname, attnum""",
}
CHECKS = {
    "sqlite": """
        SELECT name AS "table", sql FROM sqlite_master WHERE type = 'table'""",
    "postgres": """
        SELECT relname AS "table", 'CONSTRAINT "' || conname || '" CHECK' AS sql
        FROM pg_constraint JOIN pg_class ON pg_class.oid = conrelid
        WHERE contype = 'c' AND connamespace = current_schema()::regnamespace""",
}


async def missing(models: Iterable[type[Model]], connection: BaseDBAsyncClient) -> list[str]:
    """What the models demand and the database lacks, in words; nothing if all is well."""
    demands = {demand for model in models for demand in _demands(model)}
    return sorted(demands - await _present(connection))


def _demands(model: type[Model]) -> Iterator[str]:
    meta = model._meta
    for name, column in meta.fields_db_projection.items():
        field = meta.fields_map[name]
        yield _column(meta.db_table, column)
        if not field.pk and (field.unique or field.index):
            yield _index(meta.db_table, [column], unique=field.unique)
    for fields in meta.unique_together:
        yield _index(meta.db_table, _columns(model, fields), unique=True)
    for index in meta.indexes:
        if not isinstance(index, Index):
            yield _index(meta.db_table, _columns(model, index), unique=False)
        elif index.name:
            yield _named(meta.db_table, index.name)
    yield from (_named(meta.db_table, constraint.name) for constraint in meta.constraints)


async def _present(connection: BaseDBAsyncClient) -> set[str]:
    dialect = connection.capabilities.dialect
    columns = await connection.execute_query_dict(COLUMNS[dialect])
    indexes = await connection.execute_query_dict(INDEXES[dialect])
    checks = await connection.execute_query_dict(CHECKS[dialect])
    return {
        *(_column(row["table"], row["column"]) for row in columns),
        *(line for _, rows in groupby(indexes, lambda row: row["name"]) for line in _seen([*rows])),
        *(_named(row["table"], name) for row in checks for name in _names(row["sql"])),
    }


def _seen(rows: list[dict[str, Any]]) -> Iterator[str]:
    """The demands that one index meets; its rows are its columns."""
    table, name, unique = rows[0]["table"], rows[0]["name"], rows[0]["unique"]
    yield _named(table, name)
    if not rows[0]["partial"]:
        columns = [row["column"] for row in rows]
        yield _index(table, columns, unique=False)
        if unique:
            yield _index(table, columns, unique=True)


def _names(sql: str) -> list[str]:
    return re.findall(r'CONSTRAINT "([^"]+)" CHECK', sql)


def _columns(model: type[Model], fields: Iterable[str]) -> list[str]:
    return [model._meta.fields_map[field].source_field or field for field in fields]


def _column(table: str, column: str) -> str:
    return f"column {column} of {table}"


def _index(table: str, columns: Iterable[str | None], *, unique: bool) -> str:
    return f"{'unique ' if unique else ''}index on {table} ({', '.join(map(str, columns))})"


def _named(table: str, name: str) -> str:
    return f"{name} on {table}"
