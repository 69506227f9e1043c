"""Servers in processes of their own, and what they compute."""

import asyncio
import os
import re
from asyncio.subprocess import PIPE, STDOUT
from collections import deque
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from time import monotonic

import psutil

ROOT = Path(__file__).parent.parent
ADDRESS = re.compile(r"http://(?:127\.0\.0\.1|localhost|0\.0\.0\.0):(\d+)")
PATIENCE = 60  # seconds


class NotServing(Exception):
    """It ended, or said for too long nothing of where it listens."""


class Server:
    def __init__(self, process: asyncio.subprocess.Process, port: int) -> None:
        self.process = process
        self.port = port
        self.tree = psutil.Process(process.pid)

    def cpu(self) -> float:
        """Seconds that it and its children have computed."""
        return cpu(self.tree)


@asynccontextmanager
async def serving(command: Sequence[str], environment: Mapping[str, str]) -> AsyncIterator[Server]:
    """A server that prints where it listens. Raises NotServing."""
    process = await asyncio.create_subprocess_exec(
        *command, cwd=ROOT, env=os.environ | environment, stdout=PIPE, stderr=STDOUT
    )
    printed = deque[str](maxlen=30)
    try:
        server = Server(process, await _port(process, printed))
        draining = asyncio.create_task(_drain(process, printed))
        yield server
        draining.cancel()
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def _port(process: asyncio.subprocess.Process, printed: deque[str]) -> int:
    assert process.stdout  # noqa: S101  # asked for
    until = monotonic() + PATIENCE
    while monotonic() < until and (line := await process.stdout.readline()):
        printed.append(line.decode(errors="replace"))
        if found := ADDRESS.search(printed[-1]):
            return int(found[1])
    raise NotServing("".join(printed))


async def _drain(process: asyncio.subprocess.Process, printed: deque[str]) -> None:
    assert process.stdout  # noqa: S101  # asked for
    async for line in process.stdout:
        printed.append(line.decode(errors="replace"))


def cpu(root: psutil.Process) -> float:
    """Seconds that a process, its children and those it has buried have computed."""
    own = root.cpu_times()
    buried = own.children_user + own.children_system
    return sum(map(_seconds, [root, *root.children(recursive=True)])) + float(buried)


def _seconds(process: psutil.Process) -> float:
    try:
        used = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return float(used.user + used.system)
