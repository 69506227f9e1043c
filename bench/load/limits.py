"""How much load can be made, so that nobody has to believe that the load is not the bottleneck."""

import sys

from bench import processes
from bench.load import making
from bench.load.job import Job

SERVER = (sys.executable, "-m", "bench.load.noop")
REQUEST = b"POST / HTTP/1.1\r\nhost: bench\r\ncontent-length: 800\r\n\r\n" + b"x" * 800


async def made(seconds: float = 1.0) -> float:
    """Requests a second to a server that only answers, as long as a feed."""
    async with processes.serving(SERVER, {}) as server:
        done = await making.run(Job(server.port, [REQUEST], seconds))
    return done.answered / done.seconds
