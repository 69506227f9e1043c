"""Real servers: in this process, or in processes of their own."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from starlette.types import ASGIApp

from tests.commands import start
from tests.makers import the_app


@asynccontextmanager
async def serving(app: ASGIApp | None = None) -> AsyncIterator[str]:
    """A server over the database of the test; `work.going_on` is for the test to begin."""
    options = uvicorn.Config(app or the_app(), lifespan="off", log_config=None)
    server = uvicorn.Server(options)
    with listening() as door:
        task = asyncio.create_task(server.serve(sockets=[door]))
        try:
            yield address(door)
        finally:
            server.should_exit = True
            await task


@asynccontextmanager
async def a_process(**chosen: str) -> AsyncIterator[str]:
    """A server as operators start it, with these settings."""
    with listening() as door:
        files = [0, 1, 2, door.fileno()]
        process = start("uvicorn", "--factory", "api.app:app", "--fd", "3", files=files, **chosen)
        try:
            yield address(door)
        finally:
            process.terminate()
            await asyncio.to_thread(process.join)


def listening() -> socket.socket:
    """Whoever connects waits until somebody serves."""
    return socket.create_server(("127.0.0.1", 0), backlog=100)


def address(door: socket.socket) -> str:
    host, port = door.getsockname()
    return f"{host}:{port}"
