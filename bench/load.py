"""The load is made by a process of its own, apart from who measures it."""

import asyncio
import pickle
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.processes import ROOT

CONNECTIONS = 16


class Refused(Exception):
    """An answer was not as hoped."""


@dataclass(frozen=True)
class Job:
    port: int
    requests: Sequence[bytes]  # each a whole HTTP request
    seconds: float
    once: bool = False  # end when all are sent, rather than begin again
    unwanted: bytes = b'"errors":'  # in an answer
    connections: int = CONNECTIONS


@dataclass
class Outcome:
    seconds: float = 0.0
    sent: int = 0
    latencies: list[float] = field(default_factory=list)  # seconds, of what was answered well
    refused: list[bytes] = field(default_factory=list)  # the first answers that were not as hoped

    @property
    def answered(self) -> int:
        return len(self.latencies)


async def run(job: Job) -> Outcome:
    """Raises Refused."""
    with TemporaryDirectory(prefix="breakroom-bench-") as folder:
        file = Path(folder) / "job"
        file.write_bytes(pickle.dumps(job))
        command = (sys.executable, "-m", "bench.loader", str(file))
        process = await asyncio.create_subprocess_exec(*command, cwd=ROOT)
        if await process.wait():
            raise Refused("the load could not be made")
        outcome: Outcome = pickle.loads(file.read_bytes())  # noqa: S301  # our own
    if outcome.refused:
        raise Refused(outcome.refused[0].decode(errors="replace"))
    return outcome
