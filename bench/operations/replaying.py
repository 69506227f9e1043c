"""The bare handler: it sends what was recorded for an operation, and answers what was answered."""

import os
import pickle
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bench.bare.app import CONNECTIONS, Connection
from bench.operations.scripts import Script


async def answer(request: Request) -> Response:
    name = orjson.loads(await request.body())["operationName"]
    unused: list[Script] = request.app.state.scripts[name]
    script = unused.pop(0)  # nobody else has it meanwhile, so no two wait for the same rows
    try:
        await _send(script, request.app.state.pool)
    finally:
        unused.append(script)
    return Response(script.answer, media_type="application/json")


async def _send(script: Script, pool: asyncpg.Pool) -> None:
    for step in script.steps:
        async with pool.acquire() as connection:
            for method, sql, values in step:
                await getattr(connection, method)(sql, *values)


@asynccontextmanager
async def connected(app: Starlette) -> AsyncIterator[None]:
    app.state.scripts = _recorded()
    url = os.environ["BENCH_DATABASE"]
    async with asyncpg.create_pool(
        url, min_size=0, max_size=CONNECTIONS, connection_class=Connection
    ) as app.state.pool:
        yield


def _recorded() -> dict[str, list[Script]]:
    found: dict[str, list[Script]] = pickle.loads(Path(os.environ["BENCH_SCRIPTS"]).read_bytes())  # noqa: S301  # our own
    return found


app = Starlette(routes=[Route("/graphql", answer, methods=["POST"])], lifespan=connected)
