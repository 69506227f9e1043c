"""What a workload finds: the database, how big the company is, and who serves it."""

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from statistics import median
from typing import Any, Self

from bench import asking
from bench.company import Size
from bench.contestants import Contestant
from bench.load import making
from bench.load.job import Job, Outcome
from bench.postgres import Database
from bench.processes import Server


@dataclass(frozen=True, slots=True)
class Sample:
    """What a round has shown; CPU is in seconds for 1,000 requests."""

    per_second: float
    p99: float  # milliseconds
    server_cpu: float
    postgres_cpu: float

    @classmethod
    def of(cls, done: Outcome, server_seconds: float, postgres_seconds: float) -> Self:
        thousands = done.answered / 1000
        cpu = server_seconds / thousands, postgres_seconds / thousands
        return cls(done.answered / done.seconds, done.p99 * 1000, *cpu)

    @classmethod
    def middle(cls, rounds: Sequence[Self]) -> Self:
        """The median of each figure."""
        return cls(*map(median, zip(*map(astuple, rounds), strict=True)))


@dataclass(frozen=True)
class Stage:
    database: Database
    size: Size
    contestants: Mapping[str, Contestant]  # by name
    servers: Mapping[str, Server]  # by the same names

    async def ask(self, name: str, request: bytes) -> Any:
        """The answer's JSON. Raises Refused."""
        return await asking.ask(self.servers[name].port, request)

    async def measure(
        self, name: str, requests: Sequence[bytes], seconds: float, **job: Any
    ) -> Sample:
        """Raises Refused."""
        server = self.servers[name]
        server_before, postgres_before = server.cpu(), self.database.cpu()
        done = await making.run(Job(server.port, requests, seconds, **job))
        server_seconds = server.cpu() - server_before
        return Sample.of(done, server_seconds, self.database.cpu() - postgres_before)
