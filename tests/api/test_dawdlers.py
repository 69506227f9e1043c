import asyncio
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest
import uvicorn
from websockets.asyncio.client import connect

from api import dawdlers
from api.dawdlers import HangingUp
from tests.servers import listening

HEAD = b"POST / HTTP/1.1\r\nHost: test\r\n"
PATIENCE = 0.3  # seconds
MUCH = 10_000_000  # bytes


async def app(scope, receive, send):
    """Answers /soon at once, other paths with the length of the body; a socket waits."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
        while (await receive())["type"] != "websocket.disconnect":
            pass
        return
    size, more = 0, scope["path"] != "/soon"
    while more:
        part = await receive()
        size, more = size + len(part["body"]), part["more_body"]
    told = str(size).encode()
    length = (b"content-length", str(len(told)).encode())
    await send({"type": "http.response.start", "status": 200, "headers": [length]})
    await send({"type": "http.response.body", "body": told})


@pytest.fixture
async def port(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[int]:
    monkeypatch.setattr(dawdlers, "PATIENCE", PATIENCE)
    options = uvicorn.Config(app, lifespan="off", log_config=None, http=HangingUp)
    server = uvicorn.Server(options)
    with listening() as door:
        task = asyncio.create_task(server.serve(sockets=[door]))
        yield door.getsockname()[1]
        server.should_exit = True
        await task


@asynccontextmanager
async def connected(port: int) -> AsyncIterator[tuple[StreamReader, StreamWriter]]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    yield reader, writer
    writer.close()


async def heard(reader: StreamReader) -> bytes:
    """All up to the end of the connection."""
    async with asyncio.timeout(10):
        try:
            return await reader.read()
        except ConnectionResetError:
            return b""


async def drip(writer: StreamWriter, drop: bytes) -> None:
    while not writer.is_closing():
        writer.write(drop)
        await asyncio.sleep(PATIENCE / 10)


@pytest.mark.parametrize("begun", [b"", b"G", HEAD])
async def test_who_does_not_say_what_they_want_is_hung_up_on(port, begun):
    async with connected(port) as (reader, writer):
        writer.write(begun)
        assert await heard(reader) == b""


@pytest.mark.parametrize("before", [HEAD, b"", HEAD + b"Content-Length: 2\r\n\r\nok" + HEAD])
async def test_a_head_that_comes_drop_by_drop_is_not_waited_for(port, before):
    async with connected(port) as (reader, writer):
        writer.write(before)
        dripping = asyncio.create_task(drip(writer, b"A: b\r\n" if before else b"A"))
        await heard(reader)
        dripping.cancel()


@pytest.mark.parametrize("endless", [b"A: b\r\n" * 10_000, b"a" * 60_000])
async def test_a_head_that_does_not_end_is_not_kept(port, endless):
    async with connected(port) as (_, writer):
        writer.write(HEAD if endless.endswith(b"\n") else b"GET /")
        assert await poured(writer, endless) < MUCH


async def poured(writer: StreamWriter, drop: bytes) -> int:
    """How many bytes were taken."""
    sent = 0
    with suppress(ConnectionError):
        while sent < MUCH:
            writer.write(drop)
            await writer.drain()
            sent += len(drop)
    return sent


async def test_a_body_that_goes_on_after_the_answer_is_not_taken_for_ever(port):
    async with connected(port) as (reader, writer):
        writer.write(HEAD.replace(b"/", b"/soon", 1) + b"Content-Length: 1000000\r\n\r\n")
        dripping = asyncio.create_task(drip(writer, b"x"))
        answer = await heard(reader)
        dripping.cancel()
    assert answer.startswith(b"HTTP/1.1 200")


async def test_who_comes_to_the_end_is_answered_again_and_again(port):
    async with connected(port) as (reader, writer):
        for _ in range(3):
            writer.write(HEAD + b"Content-Length: 300000\r\n\r\n")
            for _ in range(3):
                writer.write(b"x" * 100_000)
                await asyncio.sleep(PATIENCE / 2)  # longer than for a head, all in all
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200")
            assert await reader.readexactly(6) == b"300000"


async def test_a_socket_may_be_silent(port):
    async with connect(f"ws://127.0.0.1:{port}", proxy=None) as socket:
        await asyncio.sleep(PATIENCE * 2)  # silence is what is tried
        await (await socket.ping())
