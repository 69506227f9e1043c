"""`breakroom serve` in a process of its own, as operators run it."""

import asyncio
import json
import os
import ssl
from asyncio import StreamReader, StreamReaderProtocol
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from multiprocessing.process import BaseProcess
from typing import Any

import httpx

from tests.commands import start
from tests.makers import operation

PATIENCE = 30  # seconds
PLAIN = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""which trusts nobody: to load whom the world trusts takes longer than a request without TLS"""


class Service:
    def __init__(self, process: BaseProcess, output: StreamReader) -> None:
        self.process = process
        self.printed: list[str] = []
        self.listens = asyncio.Event()
        self.reading = asyncio.create_task(self.read(output))

    async def read(self, output: StreamReader) -> None:
        async for line in output:
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
        url = f"http://{self.address}"
        return httpx.AsyncClient(base_url=url, trust_env=False, verify=PLAIN, **options)

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
        self.process.terminate()

    async def ended(self) -> int | None:
        """Its exit code, once everything it printed has been read."""
        async with asyncio.timeout(PATIENCE):
            await self.reading
            await asyncio.to_thread(self.process.join)
            return self.process.exitcode


@asynccontextmanager
async def a_service(*arguments: str, **chosen: str) -> AsyncIterator[Service]:
    """One that listens, or has given up; with these settings."""
    out, printing = os.pipe()
    files = [0, printing, printing]
    process = start("cli", "serve", "--port", "0", *arguments, files=files, **chosen)
    os.close(printing)
    service = Service(process, await reading(out))
    try:
        async with asyncio.timeout(PATIENCE):
            await service.listens.wait()
        yield service
    finally:
        service.terminate()
        await service.ended()


async def reading(pipe: int) -> StreamReader:
    reader = StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: StreamReaderProtocol(reader), os.fdopen(pipe, "rb"))
    return reader
