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

from bench.load import Job, Outcome

SHOWN = 3  # refused answers are enough to see what is wrong


class Line(asyncio.Protocol):
    """One connection."""

    transport: asyncio.Transport

    def __init__(self, job: Job, left: Iterator[bytes], outcome: Outcome, until: float) -> None:
        self.unwanted, self.left, self.outcome, self.until = job.unwanted, left, outcome, until
        self.done = asyncio.get_running_loop().create_future()
        self.received = bytearray()
        self.began = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport  # type: ignore[assignment]  # of a stream, it is a stream's
        self.send()

    def send(self) -> None:
        self.began = perf_counter()
        request = next(self.left, None) if self.began < self.until else None
        if request is None:
            self.transport.close()
            return
        self.outcome.sent += 1
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        self.received += data
        if not is_whole(self.received):
            return
        if self.received.startswith(b"HTTP/1.1 200") and self.unwanted not in self.received:
            self.outcome.latencies.append(perf_counter() - self.began)
        elif len(self.outcome.refused) < SHOWN:
            self.outcome.refused.append(bytes(self.received))
        self.received.clear()
        self.send()

    def connection_lost(self, exc: Exception | None) -> None:
        self.done.set_result(None)


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
    outcome, began = Outcome(), perf_counter()
    left = iter(job.requests) if job.once else _again_and_again(job.requests)

    def line() -> Line:
        return Line(job, left, outcome, began + job.seconds)

    loop = asyncio.get_running_loop()
    opened = [loop.create_connection(line, "127.0.0.1", job.port) for _ in range(job.connections)]
    lines = await asyncio.gather(*opened)
    await asyncio.gather(*(line.done for _, line in lines))
    outcome.seconds = perf_counter() - began
    return outcome


def _again_and_again(requests: Sequence[bytes]) -> Iterator[bytes]:
    while True:
        yield from requests


if __name__ == "__main__":
    file = Path(sys.argv[1])
    outcome = uvloop.run(make(pickle.loads(file.read_bytes())))  # noqa: S301  # our own
    file.write_bytes(pickle.dumps(outcome))
