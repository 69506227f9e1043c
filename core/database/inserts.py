"""Insert once: let a unique constraint decide who was first; and insert many in one statement."""

from collections.abc import Sequence
from typing import Any

from tortoise.models import Model


async def added(row: Model) -> bool:
    """Insert the row unless a unique constraint is in its way; whether it was inserted."""
    meta = row._meta  # noqa: SLF001  # Tortoise's documented way to a model's columns
    statement = f"{_statement(type(row))} ON CONFLICT DO NOTHING RETURNING 1 AS added"
    row._saved_in_db = bool(await meta.db.execute_query_dict(statement, _values(row)))  # noqa: SLF001
    return row._saved_in_db  # noqa: SLF001


async def add(rows: Sequence[Model], *, unless_there: bool = False) -> None:
    """Insert rows of one model, some hundreds at most, in one statement on either database."""
    if rows:
        statement = _statement(type(rows[0]), len(rows))
        statement += " ON CONFLICT DO NOTHING" if unless_there else ""
        values = [value for row in rows for value in _values(row)]
        await rows[0]._meta.db.execute_query(statement, values)  # noqa: SLF001  # as above


def _values(row: Model) -> list[Any]:
    meta = row._meta  # noqa: SLF001  # as above
    return [
        meta.fields_map[name].to_db_value(getattr(row, name), row)
        for name in meta.fields_db_projection
    ]


def _statement(model: type[Model], rows: int = 1) -> str:
    meta = model._meta  # noqa: SLF001  # as above
    columns = list(meta.fields_db_projection.values())
    numbered = meta.db.capabilities.dialect == "postgres"
    marks = [f"${n + 1}" if numbered else "?" for n in range(rows * len(columns))]
    width = len(columns)
    tuples = [f"({', '.join(marks[n : n + width])})" for n in range(0, len(marks), width)]
    names = ", ".join(f'"{column}"' for column in columns)
    return f'INSERT INTO "{meta.db_table}" ({names}) VALUES {", ".join(tuples)}'
