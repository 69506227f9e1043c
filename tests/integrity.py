"""What must hold after whatever a test has done."""

import asyncio

from tortoise.connection import get_connection

from api.composition import INTEGRITY

LEFT_OPEN = """
    SELECT query AS finding FROM pg_stat_activity
    WHERE datname = current_database() AND state LIKE 'idle in transaction%'
"""


async def findings() -> list[str]:
    """What contradicts the stored figures, and transactions that nobody ends."""
    told = [finding for check in INTEGRITY for finding in await check()]
    return told + await _left_open()


async def _left_open() -> list[str]:
    """A service beside the test may be in the middle of one; it ends it."""
    connection = get_connection("default")
    if connection.capabilities.dialect == "postgres":
        for _ in range(20):
            if not (left := await connection.execute_query_dict(LEFT_OPEN)):
                return []
            await asyncio.sleep(0.1)
        return [row["finding"] for row in left]
    return ["a transaction"] if connection._connection.in_transaction else []  # noqa: SLF001  # SQLite's
