"""Whether the service has what it needs: what does not work, and what to do about it."""

import asyncio

from tortoise.connection import get_connection
from tortoise.exceptions import OperationalError

from core import settings
from core.database import migrations

PATIENCE = 1.0  # seconds for each to answer

NO_DATABASE = "does not answer: start it, or correct BREAKROOM_DATABASE"
NO_REDIS = "does not answer: start it, or correct BREAKROOM_REDIS"


async def problems() -> dict[str, str]:
    """By what has them. Without Redis the service goes on; only, news comes later."""
    found = {"database": await _of_database(), "redis": await _of_redis()}
    return {name: problem for name, problem in found.items() if problem}


async def _of_database() -> str:
    try:
        async with asyncio.timeout(PATIENCE):
            await get_connection("default").execute_query("SELECT 1")
            lacking = await _lacking()
    except Exception:  # noqa: BLE001  # whatever keeps it from answering
        return NO_DATABASE
    return f"lacks {', '.join(lacking)}: run `breakroom migrate`" if lacking else ""


async def _lacking() -> list[str]:
    """The migrations that it has not seen; newer ones than ours do no harm."""
    try:
        rows = await get_connection("default").execute_query_dict(
            "SELECT name FROM tortoise_migrations"
        )
    except OperationalError:  # no such table
        rows = []
    return sorted(migrations.known() - {row["name"] for row in rows})


async def _of_redis() -> str:
    chosen = settings.current()
    if not chosen.redis:
        return ""
    from core import redis_bus  # noqa: PLC0415  # importing redis takes 0.3 s

    answers = await redis_bus.answers(chosen.redis, chosen.redis_protocol, within=PATIENCE)
    return "" if answers else NO_REDIS
