"""The demo as a visitor starts it: in a process of its own, more than once."""

import asyncio
import os
import signal
import stat
from asyncio import StreamReader
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from multiprocessing.process import BaseProcess
from pathlib import Path
from time import monotonic
from typing import Any

import httpx
import orjson
import pytest
from tortoise.context import TortoiseContext

from api.composition import MODELS
from core.database import db, migrations
from core.people import Person
from tests.cli.service import reading
from tests.commands import start
from tests.conftest import scratch_database
from tests.makers import operation

PATIENCE = 100  # seconds
ELSEWHERE = {"database": "postgresql://real.example/breakroom", "redis": "redis://real.example"}
"""settings that a demo must not follow"""


class Visit:
    """One start of the demo and what it told."""

    def __init__(self, process: BaseProcess, stdout: StreamReader, stderr: StreamReader) -> None:
        self.process = process
        self.stdout = stdout
        self.rest = asyncio.create_task(stderr.read())
        self.over = asyncio.create_task(asyncio.to_thread(process.join))
        self.told: dict[str, Any] = {}
        self.seconds = 0.0
        self.stderr = b""

    async def begin(self) -> None:
        began = monotonic()
        self.told = orjson.loads(await self.stdout.readline())
        assert (await self.ask("{ viewer { person { name } } }"))["viewer"]
        self.seconds = monotonic() - began

    async def ask(self, document: str, **asked: Any) -> Any:
        """As the first persona."""
        headers = {"authorization": f"Bearer {self.told['personas'][0]['token']}"}
        async with httpx.AsyncClient(trust_env=False, timeout=PATIENCE) as http:
            sent = {"query": document, **asked}
            answer = await http.post(self.told["graphql"], json=sent, headers=headers)
        return answer.json()["data"]

    async def end(self, how: signal.Signals) -> tuple[bytes, bytes]:
        """What else stood on stdout, and on stderr."""
        assert self.process.pid
        os.kill(self.process.pid, how)
        return await self.ended()

    async def ended(self) -> tuple[bytes, bytes]:
        async with asyncio.timeout(PATIENCE):
            await self.over
            return await self.stdout.read(), await self.rest


@asynccontextmanager
async def a_start(home: Path, *options: str) -> AsyncIterator[Visit]:
    (out, stdout), (err, stderr) = os.pipe(), os.pipe()
    command = ["demo", "--json", "--port", "0", *options]
    chosen = {"home": str(home), **ELSEWHERE}
    process = start("cli", *command, files=[0, stdout, stderr], **chosen)
    for theirs in (stdout, stderr):
        os.close(theirs)
    visit = Visit(process, await reading(out), await reading(err))
    try:
        yield visit
    finally:
        process.kill()
        await visit.ended()


@pytest.fixture(scope="module")
async def options(request: pytest.FixtureRequest, kind: str) -> AsyncIterator[list[str]]:
    if kind == "sqlite":
        yield []
        return
    async with scratch_database(request.getfixturevalue("postgres_server")) as url:
        yield ["--postgres", url]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home") / "data"


@pytest.fixture(scope="module")
async def first(home: Path, options: list[str]) -> Visit:
    """A demo that was looked at, and left."""
    async with a_start(home, *options) as visit:
        await visit.begin()
        _, visit.stderr = await visit.end(signal.SIGINT)
    return visit


async def test_one_line_tells_a_program_all_it_needs(first):
    assert list(first.told) == ["url", "graphql", "personas"]
    assert first.told["graphql"] == first.told["url"] + "/graphql"
    assert [list(one) for one in first.told["personas"]] == [["role", "name", "token"]] * 8
    assert first.told["personas"][0]["name"] == "林晓雨"


def test_others_look_into_none_of_its_folders(first, home):
    folders = home, home / "demo"
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in folders} == {0o700}


async def test_what_generated_people_do_is_not_logged(first):
    seeding, _, _ = first.stderr.partition(b" people in ")
    assert b"the last hours" in seeding
    assert b"audited" not in seeding


async def test_the_next_start_finds_everything_as_it_was_left(first, home, options):
    async with a_start(home, *options) as second:
        await second.begin()
        feed = await second.ask(operation("Feed")[0])
        stdout, stderr = await second.end(signal.SIGTERM)

    assert second.told["personas"] == first.told["personas"]
    assert len(feed["feed"]["edges"]) == 20
    assert b"people move in" not in stderr
    assert second.seconds < first.seconds / 2
    assert (stdout, second.process.exitcode, first.process.exitcode) == (b"", 0, 0)


async def test_of_two_at_once_the_second_is_sent_away(first, home, options):
    async with a_start(home, *options) as one, a_start(home, *options) as other:
        async with asyncio.timeout(PATIENCE):
            ends = one.over, other.over
            done, _ = await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        [sent_away] = [each for each in (one, other) if each.over in done]
        _, stderr = await sent_away.ended()
        [stays] = {one, other} - {sent_away}
        await stays.begin()
        await stays.end(signal.SIGTERM)

    assert sent_away.process.exitcode == 1
    assert b"this demo is running already" in stderr


@pytest.mark.only("postgres")
async def test_a_demo_begun_elsewhere_is_not_thrown_away(first, tmp_path, options):
    async with a_start(tmp_path, *options) as visit:
        _, stderr = await visit.ended()
    assert visit.process.exitcode == 1
    assert b"--reset begins anew" in stderr


@pytest.mark.only("postgres")
async def test_a_database_with_real_people_is_left_alone(empty_database, tmp_path):
    await migrations.migrate(empty_database, MODELS)
    async with TortoiseContext() as tortoise:
        await tortoise.init(db.config(empty_database, MODELS))
        await Person.create(number="A1", name="Real")

    async with a_start(tmp_path, "--reset", "--postgres", empty_database) as visit:
        _, stderr = await visit.ended()

    assert visit.process.exitcode == 1
    assert b"this database holds real people" in stderr
    async with TortoiseContext() as tortoise:
        await tortoise.init(db.config(empty_database, MODELS))
        assert await Person.all().values_list("number", flat=True) == ["A1"]
