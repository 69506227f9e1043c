from collections.abc import AsyncIterator

import pytest

from bench import loading
from bench.company import Size
from bench.postgres import Database
from tests.conftest import scratch_database

SIZE = Size(people=200, posts=640)


@pytest.fixture(scope="module")
async def filled(postgres_server: str) -> AsyncIterator[Database]:
    async with scratch_database(postgres_server) as url:
        await loading.load(url, SIZE, lambda what, rows: rows)
        yield Database(url, "18", None)
