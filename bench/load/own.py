"""The process that makes the load: it reads a job from a file, and leaves there what came of it.

Each connection stays open and sends its next request as soon as the last one is answered.
"""

import asyncio
import pickle
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import perf_counter

import uvloop

from bench.load.job import Job, Outcome


class Load:
    """What is left to send, and what has come back."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.left = iter(job.requests) if job.once else _again_and_again(job.requests)
        self.latencies: list[float] = []
        self.refused = ""
        self.began = perf_counter()

    def next(self) -> bytes | None:
        over = self.refused or perf_counter() - self.began > self.job.seconds
        return None if over else next(self.left, None)

    def take(self, answer: bytes | bytearray, latency: float) -> None:
        if answer.startswith(b"HTTP/1.1 200") and self.job.unwanted not in answer:
            self.latencies.append(latency)
        else:
            self.refused = answer.decode(errors="replace")

    def outcome(self) -> Outcome:
        answered = len(self.latencies)
        p99 = sorted(self.latencies)[answered * 99 // 100] if answered else 0.0
        return Outcome(perf_counter() - self.began, answered, p99, self.refused)


class Line(asyncio.Protocol):
    """One connection."""

    transport: asyncio.Transport

    def __init__(self, load: Load) -> None:
        self.load = load
        self.closed = asyncio.get_running_loop().create_future()
        self.received = bytearray()
        self.began = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport  # type: ignore[assignment]  # of a stream, it is a stream's
        self.send()

    def send(self) -> None:
        if request := self.load.next():
            self.began = perf_counter()
            self.transport.write(request)
        else:
            self.transport.close()

    def data_received(self, data: bytes) -> None:
        self.received += data
        if is_whole(self.received):
            self.load.take(self.received, perf_counter() - self.began)
            self.received.clear()
            self.send()

    def connection_lost(self, exc: Exception | None) -> None:
        self.closed.set_result(None)


def is_whole(received: bytes | bytearray) -> bool:
    """Whether an answer has come to its end. Raises ValueError if it does not tell its length."""
    head, found, body = received.partition(b"\r\n\r\n")
    if not found:
        return False
    _, told, length = head.lower().partition(b"content-length:")
    if not told:
        raise ValueError(head)
    return len(body) >= int(length.split(b"\r\n", 1)[0])


async def make(job: Job) -> Outcome:
    load, loop = Load(job), asyncio.get_running_loop()
    opened = [
        loop.create_connection(lambda: Line(load), "127.0.0.1", job.port)
        for _ in range(job.connections)
    ]
    lines = await asyncio.gather(*opened)
    await asyncio.gather(*(line.closed for _, line in lines))
    return load.outcome()


def _again_and_again(requests: Sequence[bytes]) -> Iterator[bytes]:
    while True:
        yield from requests


if __name__ == "__main__":
    file = Path(sys.argv[1])
    outcome = uvloop.run(make(pickle.loads(file.read_bytes())))  # noqa: S301  # our own
    file.write_bytes(pickle.dumps(outcome))
