"""Several queries of one model as one statement."""

import re
from collections.abc import Sequence
from typing import Any, TypeVar

from tortoise.models import Model
from tortoise.queryset import QuerySet

Row = TypeVar("Row", bound=Model)

AT_ONCE = 100  # queries in a statement; SQLite takes 500


async def run(queries: Sequence[QuerySet[Row]]) -> list[list[Row]]:
    """The rows of each query, in its own order; up to a hundred queries take one statement."""
    rows: list[list[Row]] = []
    for start in range(0, len(queries), AT_ONCE):
        rows += await _run(queries[start : start + AT_ONCE])
    return rows


async def _run(queries: Sequence[QuerySet[Row]]) -> list[list[Row]]:
    arms: list[str] = []
    values: list[Any] = []
    for number, query in enumerate(queries):
        query.sql()  # makes `query.query`
        sql, given = query.query.get_parameterized_sql()
        arms.append(_arm(number, _renumbered(sql, len(values))))
        values += given
    found = await query._db.execute_query_dict(" UNION ALL ".join(arms), values)  # noqa: SLF001  # the ORM offers no unions
    rows: list[list[Row]] = [[] for _ in queries]
    for row in found:
        rows[row.pop("arm")].append(query.model._init_from_db(**row))  # noqa: SLF001  # as the ORM itself
    return rows


def _arm(number: int, sql: str) -> str:
    return f"SELECT {number} AS arm, * FROM ({sql}) AS arm{number}"  # noqa: S608  # built by the ORM


def _renumbered(sql: str, offset: int) -> str:
    """PostgreSQL's $1, $2 … counted on from what came before; SQLite's ? need nothing."""
    return re.sub(r"\$(\d+)", lambda match: f"${int(match[1]) + offset}", sql)
