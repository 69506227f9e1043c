import asyncio
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiosqlite
import asyncpg
import pytest
from click.testing import CliRunner
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from cli import main
from community.posts import Post
from core.database import migrations
from tests.cli.service import Service, a_service
from tests.core.makers import chosen
from tests.makers import a_group, a_key, a_member, a_token, node

pytestmark = pytest.mark.committed

PROTOCOL = "graphql-transport-ws"


@pytest.fixture
async def service(database_url: str) -> AsyncIterator[Service]:
    async with a_service(database=database_url) as running:
        yield running


async def test_it_tells_where_it_listens_answers_and_stops_when_told(service):
    async with service.client() as http:
        answer = await http.post("/graphql", json={"query": "{ viewer { grants } }"})
        ready = await http.get("/readyz")
    service.terminate()

    assert answer.json() == {"data": {"viewer": None}}
    assert "server" not in answer.headers
    assert ready.json() == {"ready": True, "problems": {}}
    assert await service.ended() == 0
    assert [line["event"] for line in service.lines] == ["listening", "request"]


async def test_a_mutation_under_way_is_finished_before_it_stops(service, kind, database_url):
    group = await a_group()
    token = await a_token(await a_member(group))
    asked = {"group": node("group", group), "draft": {"text": "last words"}, "key": a_key()}
    async with locked(kind, database_url):
        posting = asyncio.create_task(service.send("CreatePost", by=token, **asked))
        await until_under_way(service)
        service.terminate()
        await until_closed(service)
        assert not posting.done()
    assert (await posting)["post"]["text"] == "last words"
    assert await service.ended() == 0
    assert [post.text for post in await Post.all()] == ["last words"]


@asynccontextmanager
async def locked(kind: str, url: str) -> AsyncIterator[None]:
    """Nobody else can write a post meanwhile."""
    if kind == "sqlite":
        async with aiosqlite.connect(url.removeprefix("sqlite://")) as other:
            await other.execute("BEGIN IMMEDIATE")
            yield
        return
    other = await asyncpg.connect(url)
    async with other.transaction():
        await other.execute("LOCK TABLE post IN EXCLUSIVE MODE")
        yield
    await other.close()


async def until_under_way(service: Service) -> None:
    """Until another request than the one that asks is there."""
    async with asyncio.timeout(10), service.client(timeout=10) as http:
        while "breakroom_requests 2.0" not in (await http.get("/metrics")).text:  # noqa: ASYNC110  # there is no event to wait for
            await asyncio.sleep(0.01)


async def until_closed(service: Service) -> None:
    async with asyncio.timeout(10):
        while True:
            try:
                _, writer = await asyncio.open_connection(*service.address.split(":"))
            except ConnectionRefusedError:
                return
            writer.close()
            await asyncio.sleep(0.01)


def test_it_starts_without_what_few_need():
    loaded = "import sys, cli.serve; print(*{'obstore', 'redis', 'xlsxwriter'} & {*sys.modules})"
    done = subprocess.run([sys.executable, "-c", loaded], check=True, capture_output=True)
    assert done.stdout == b"\n"


def connected(service: Service) -> connect:
    return connect(f"ws://{service.address}/graphql", subprotocols=[PROTOCOL], proxy=None)


async def test_open_sockets_are_told_that_it_restarts(service):
    async with connected(service) as wire:
        service.terminate()
        with pytest.raises(ConnectionClosed):
            await wire.recv()
    assert wire.close_code == 1012
    assert await service.ended() == 0


async def test_a_message_that_is_too_long_closes_the_socket(service):
    async with connected(service) as wire:
        await wire.send("x" * 200_001)
        with pytest.raises(ConnectionClosed):
            await wire.recv()
    assert wire.close_code == 1009


@pytest.mark.parametrize(
    ("trusted", "seventh"), [("127.0.0.1, ::1", "WRONG_PASSWORD"), ("", "TOO_MANY_TRIES")]
)
async def test_an_address_is_believed_only_from_a_trusted_proxy(database_url, trusted, seventh):
    async with a_service(database=database_url, trusted_proxies=trusted) as service:
        codes = [await code_of_a_wrong_sign_in(service, f"203.0.113.{n}") for n in range(7)]
    assert codes == ["WRONG_PASSWORD"] * 6 + [seventh]


async def code_of_a_wrong_sign_in(service: Service, address: str) -> str:
    query = """mutation ($number: String!) {
        signIn(number: $number, password: "not it", device: "phone") {
            ... on Refusal { code } ... on TooManyTries { code }
        }
    }"""
    sent = {"query": query, "variables": {"number": address}}
    async with service.client(headers={"x-forwarded-for": address}) as http:
        answer = await http.post("/graphql", json=sent)
    return answer.json()["data"]["signIn"]["code"]


async def refused(**settings: str) -> str:
    """What it says when it does not start."""
    async with a_service(**settings) as service:
        assert await service.ended() == 1
    return "".join(service.printed)


async def test_a_database_that_lacks_migrations_is_told_how_to_get_them(empty_database):
    lacking = ", ".join(sorted(migrations.known()))
    assert await refused(database=empty_database) == (
        f"Error: the database lacks {lacking}: run `breakroom migrate`\n"
    )


async def test_a_database_that_does_not_answer_is_told_in_a_sentence():
    told = await refused(database="postgres://me:secret@127.0.0.1:1/x")
    assert told.startswith("Error: the database does not answer: start it, or correct BREAKROOM_")
    assert "secret" not in told
    assert "Traceback" not in told


def refusal(*arguments: str, **settings: str) -> str:
    """As above, for what is looked at before the database."""
    with chosen(**settings):
        done = CliRunner().invoke(main, ["serve", *arguments])
    assert done.exit_code == 1
    return done.output


def test_a_wrong_setting_is_told_in_a_sentence():
    assert refusal(time_zone="Nowhere") == (
        "Error: BREAKROOM_TIME_ZONE: name a time zone such as Asia/Shanghai\n"
    )


def test_a_broken_key_file_is_told_in_a_sentence(tmp_path: Path):
    file = tmp_path / "keys.json"
    file.write_text("{}}")
    assert refusal("--port", "0", keys=str(file)) == (
        f"Error: {file} is not a key file; restore it from the backup\n"
    )


def test_a_port_that_is_taken_is_told_in_a_sentence():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        told = refusal("--port", str(port))
    assert told.startswith(f"Error: cannot listen on 127.0.0.1:{port}, choose another --host or ")
