"""Real servers: in this process, or in processes of their own."""

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from starlette.types import ASGIApp

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
    settings = {f"BREAKROOM_{name.upper()}": value for name, value in chosen.items()}
    with listening() as door:
        command = ["-m", "uvicorn", "--factory", "api.app:app", "--fd", str(door.fileno())]
        process = await asyncio.create_subprocess_exec(
            sys.executable, *command, env=os.environ | settings, pass_fds=[door.fileno()]
        )
        try:
            yield address(door)
        finally:
            process.terminate()
            await process.wait()


def listening() -> socket.socket:
    """Whoever connects waits until somebody serves."""
    return socket.create_server(("127.0.0.1", 0), backlog=100)


def address(door: socket.socket) -> str:
    host, port = door.getsockname()
    return f"{host}:{port}"
