"""Insert once, or in place of what is there: a unique constraint decides; or many at once."""

# ruff: noqa: SLF001  # `_meta` is Tortoise's documented way to a model's columns
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any

from tortoise.connection import get_connection
from tortoise.models import Model


async def added(row: Model) -> bool:
    """Insert the row unless a unique constraint is in its way; whether it was inserted."""
    row._saved_in_db = bool(await _insert([row], "ON CONFLICT DO NOTHING RETURNING 1"))
    return row._saved_in_db


async def put(row: Model, *unique: str) -> None:
    """Insert the row, or let the one that is there say the same; these columns tell which it is."""
    meta = row._meta
    [[pk]] = await _insert([row], _instead(type(row), unique))
    row.pk, row._saved_in_db = meta.pk.to_python_value(pk), True


async def add(rows: Sequence[Model], *, unless_there: bool = False) -> None:
    """Insert rows of one model, some hundreds at most, in one statement on either database."""
    if rows:
        await _insert(rows, "ON CONFLICT DO NOTHING" if unless_there else "")
    for row in rows:
        row._saved_in_db = not unless_there


async def _insert(rows: Sequence[Model], end: str) -> Any:
    database: Any = get_connection("default")
    sql = _statement(type(rows[0]), len(rows), database.capabilities.dialect)
    return await database.fetch(f"{sql} {end}", [value for row in rows for value in _values(row)])


def _values(row: Model) -> list[Any]:
    meta = row._meta
    return [
        meta.fields_map[name].to_db_value(getattr(row, name), row)
        for name in meta.fields_db_projection
    ]


@cache
def _instead(model: type[Model], unique: Sequence[str]) -> str:
    """Its id stays as it is."""
    meta = model._meta
    others = set(meta.fields_db_projection) - {*unique, meta.pk_attr}
    changes = ", ".join(f'"{column}" = excluded."{column}"' for column in sorted(others))
    which = ", ".join(unique)
    return f'ON CONFLICT ({which}) DO UPDATE SET {changes} RETURNING "{meta.db_pk_column}"'


@lru_cache(maxsize=200)
def _statement(model: type[Model], rows: int, dialect: str) -> str:
    columns = [*model._meta.fields_db_projection.values()]
    width = len(columns)
    marks = [f"${n + 1}" if dialect == "postgres" else "?" for n in range(rows * width)]
    tuples = [f"({', '.join(marks[n : n + width])})" for n in range(0, len(marks), width)]
    names = ", ".join(f'"{column}"' for column in columns)
    return f'INSERT INTO "{model._meta.db_table}" ({names}) VALUES {", ".join(tuples)}'
