"""Proof that stored figures are right: a check lists what contradicts it, in one statement."""

from collections.abc import Awaitable, Callable

from tortoise.connection import get_connection

Check = Callable[[], Awaitable[list[str]]]


async def findings(contradictions: str) -> list[str]:
    """What a query that selects contradictions AS finding has found."""
    rows = await get_connection("default").execute_query_dict(contradictions)
    return [row["finding"] for row in rows]
