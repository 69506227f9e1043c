"""`breakroom serve` in a process of its own, as operators run it."""

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE, STDOUT
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx

from tests.makers import operation

PATIENCE = 30  # seconds


class Service:
    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.printed: list[str] = []
        self.listens = asyncio.Event()
        self.reading = asyncio.create_task(self.read())

    async def read(self) -> None:
        assert self.process.stdout
        async for line in self.process.stdout:
            self.printed.append(line.decode())
            if "listening" in self.printed[-1]:
                self.listens.set()
        self.listens.set()

    @property
    def lines(self) -> list[dict[str, Any]]:
        """What it logged; it prints nothing else."""
        stray = [line for line in self.printed if not line.startswith("{")]
        assert not stray, stray
        return [json.loads(line) for line in self.printed]

    @property
    def address(self) -> str:
        [url] = [line["url"] for line in self.lines if line["event"] == "listening"]
        return url.removeprefix("http://")

    def client(self, **options: Any) -> httpx.AsyncClient:
        return httpx.AsyncClient(base_url=f"http://{self.address}", trust_env=False, **options)

    async def send(self, name: str, *, by: str = "", **variables: Any) -> Any:
        """What the one field of a client's operation answers; `by` is a token."""
        document, name = operation(name)
        sent = {"query": document, "operationName": name, "variables": variables}
        headers = {"authorization": f"Bearer {by}"} if by else {}
        async with self.client(timeout=PATIENCE) as http:
            answer = (await http.post("/graphql", json=sent, headers=headers)).json()
        assert "errors" not in answer, answer
        [payload] = answer["data"].values()
        return payload

    def terminate(self) -> None:
        self.process.send_signal(signal.SIGTERM)

    async def ended(self) -> int:
        """Its exit code, once everything it printed has been read."""
        async with asyncio.timeout(PATIENCE):
            await self.reading
            return await self.process.wait()


@asynccontextmanager
async def a_service(*arguments: str, **chosen: str) -> AsyncIterator[Service]:
    """One that listens, or has given up; with these settings."""
    settings = {f"BREAKROOM_{name.upper()}": value for name, value in chosen.items()}
    command = [sys.executable, "-m", "cli", "serve", "--port", "0", *arguments]
    process = await asyncio.create_subprocess_exec(
        *command, env=os.environ | settings, stdout=PIPE, stderr=STDOUT
    )
    service = Service(process)
    try:
        async with asyncio.timeout(PATIENCE):
            await service.listens.wait()
        yield service
    finally:
        if process.returncode is None:
            service.terminate()
        await service.ended()
