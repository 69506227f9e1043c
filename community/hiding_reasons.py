"""Hiding reasons: words are hidden as long as one of these stands, each set and lifted alone."""

from enum import IntFlag
from functools import cache
from typing import Any

from core import clock
from core.database.sql import Statement


class HidingReason(IntFlag):
    """A counsellor has not released it; its reports weigh enough; a moderator has removed it."""

    HELD = 1
    REPORTED = 2
    REMOVED = 4


SET = """
    UPDATE {table}
    SET hidden_for = hidden_for | :reason, hidden_at = COALESCE(hidden_at, :now)
    WHERE id = :id AND deleted_at IS NULL AND hidden_for & :reason = 0
    RETURNING hidden_for
"""
LIFT = """
    UPDATE {table}
    SET hidden_for = hidden_for - :reason,
        hidden_at = CASE WHEN hidden_for = :reason THEN NULL ELSE hidden_at END
    WHERE id = :id AND deleted_at IS NULL AND hidden_for & :reason = :reason
    RETURNING hidden_for
"""


async def put(row: Any, reason: HidingReason) -> bool:
    """Whether a post or comment was not hidden before."""
    given = {"id": row.id, "reason": reason, "now": clock.now()}
    found = await _statement(SET, row._meta.db_table).rows(**given)  # noqa: SLF001  # Tortoise tells tables there only
    for (reasons,) in found:
        row.hidden_for, row.hidden_at = reasons, row.hidden_at or given["now"]
    return [(reason,)] == found


async def lift(row: Any, reason: HidingReason) -> bool:
    """Whether nothing hides it any more."""
    found = await _statement(LIFT, row._meta.db_table).rows(id=row.id, reason=reason)  # noqa: SLF001  # as above
    return found == [(0,)]


@cache
def _statement(text: str, table: str) -> Statement:
    return Statement(text.format(table=table))
