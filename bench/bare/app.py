"""The limit: handlers that send one prepared statement and hand on the JSON that it makes."""

import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

import asyncpg
import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bench.bare import statements

IDLE = timedelta(days=90)
CONNECTIONS = 10  # as Breakroom has, unless set


class Connection(asyncpg.Connection):  # type: ignore[misc]  # asyncpg is not typed
    def get_reset_query(self) -> str:
        return ""  # as Breakroom's: it leaves nothing behind


async def feed(request: Request) -> Response:
    asked = await _asked(request)
    return await _answer(request, statements.FEED, _id(asked["group"]), asked["first"] + 1)


async def like(request: Request) -> Response:
    asked = await _asked(request)
    return await _answer(request, statements.LIKE, _id(asked["post"]))


async def board(request: Request) -> Response:
    asked = await _asked(request)
    return await _answer(request, statements.BOARD, UUID(asked["board"]), asked["first"])


async def _asked(request: Request) -> Mapping[str, Any]:
    variables: dict[str, Any] = orjson.loads(await request.body())["variables"]
    return variables


async def _answer(request: Request, statement: str, *values: object) -> Response:
    token = request.headers["authorization"].removeprefix("Bearer ")
    known, now = sha256(token.encode()).hexdigest(), datetime.now(UTC)
    caller = (known, now.date() - IDLE, now.date(), now)
    json = await request.app.state.pool.fetchval(statement, *caller, *values)
    return Response(json, 200 if json else 403, media_type="application/json")


def _id(shown: str) -> UUID:
    return UUID(shown.rpartition("_")[2])


@asynccontextmanager
async def connected(app: Starlette) -> AsyncIterator[None]:
    url = os.environ["BENCH_DATABASE"]
    async with asyncpg.create_pool(
        url, min_size=0, max_size=CONNECTIONS, connection_class=Connection
    ) as app.state.pool:
        yield


app = Starlette(
    routes=[
        Route("/feed", feed, methods=["POST"]),
        Route("/like", like, methods=["POST"]),
        Route("/board", board, methods=["POST"]),
    ],
    lifespan=connected,
)
