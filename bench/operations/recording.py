"""The process that records: our application, each request in a transaction that is undone.

It reads requests from its input and writes the scripts of each operation to a file.
"""

import pickle
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx
import uvloop
from tortoise.transactions import in_transaction

from api.app import app
from api.composition import MODELS
from bench.load.job import Refused
from bench.operations.scripts import Call, Request, Script, plain, steps
from core import settings
from core.database import db, postgres

calls: list[Call] = []


def _heard(method: str) -> Callable[..., Awaitable[Any]]:
    usual = getattr(postgres.Connection, method)

    async def run(self: postgres.Connection, sql: str, *values: Any, **options: Any) -> Any:
        calls.append(Call(method, sql, tuple(map(plain, values))))
        return await usual(self, sql, *values, **options)

    return run


class Heard(postgres.Connection):
    execute = _heard("execute")
    executemany = _heard("executemany")
    fetch = _heard("fetch")
    fetchrow = _heard("fetchrow")
    fetchval = _heard("fetchval")


async def record(asked: Mapping[str, Sequence[Request]]) -> dict[str, list[Script] | str]:
    """The scripts of each operation, or what it was refused with."""
    postgres.Client.connection_class = Heard
    await db.connect(settings.current().database_url, MODELS)
    transport = httpx.ASGITransport(app())
    async with httpx.AsyncClient(transport=transport, base_url="http://bench") as http:
        scripts = {name: await _scripts(http, requests) for name, requests in asked.items()}
    await db.disconnect()
    return scripts


async def _scripts(http: httpx.AsyncClient, requests: Sequence[Request]) -> list[Script] | str:
    try:
        return [await _script(http, request) for request in requests]
    except Refused as refused:
        return str(refused)


async def _script(http: httpx.AsyncClient, request: Request) -> Script:
    async with in_transaction() as transaction:
        calls.clear()
        script = Script(await _answer(http, request), steps(calls))
        await transaction.rollback()
    return script


async def _answer(http: httpx.AsyncClient, request: Request) -> bytes:
    headers = {"authorization": f"Bearer {request.token}", "content-type": "application/json"}
    answer = await http.post("/graphql", content=request.body, headers=headers)
    if b'"errors":' in answer.content or b'"code":' in answer.content:
        raise Refused(answer.text)
    return answer.content


if __name__ == "__main__":
    recorded = uvloop.run(record(pickle.load(sys.stdin.buffer)))  # noqa: S301  # our own
    Path(sys.argv[1]).write_bytes(pickle.dumps(recorded))
