"""What every run has: all contestants serve at once, and their rounds take turns."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Protocol

from bench import processes
from bench.company import Size
from bench.contestants import Contestant
from bench.postgres import Database
from bench.progress import Progress, Steps
from bench.stage import Sample, Stage


class Workload(Protocol):
    name: str
    series: list[str]  # what is measured side by side: contestants, or pages of one

    async def prepare(self) -> None:
        """Raises Differs if contestants do not answer alike."""

    async def round(self, series: str, seconds: float) -> Sample: ...


@dataclass(frozen=True)
class Plan:
    size: str
    rounds: int
    seconds: float  # of a round
    only: Sequence[str] = ()  # empty: everything
    peers: bool = False

    def has(self, name: str) -> bool:
        return not self.only or name in self.only

    def rounds_of(self, series: Sequence[str]) -> int:
        """And one that does not count."""
        return (self.rounds + 1) * len(series)


@asynccontextmanager
async def a_stage(
    database: Database, size: Size, contestants: Sequence[Contestant]
) -> AsyncIterator[Stage]:
    """Everybody serves. Raises NotServing."""
    async with AsyncExitStack() as running:
        servers = {
            one.name: await running.enter_async_context(
                processes.serving(one.command, one.environment)
            )
            for one in contestants
        }
        yield Stage(database, size, {one.name: one for one in contestants}, servers)


async def measure(workload: Workload, plan: Plan, progress: Progress) -> dict[str, list[Sample]]:
    """With a bar of its own. Raises Differs, Refused."""
    steps = progress.steps(workload.name, plan.rounds_of(workload.series))
    return await rounds(workload, plan, steps)


async def rounds(workload: Workload, plan: Plan, steps: Steps) -> dict[str, list[Sample]]:
    """After one that does not count, as many as are wanted. Raises Differs, Refused."""
    await workload.prepare()
    samples: dict[str, list[Sample]] = {name: [] for name in workload.series}
    for number in range(plan.rounds + 1):
        for name, found in samples.items():
            steps.begin(name)
            sample = await workload.round(name, plan.seconds)
            if number:
                found.append(sample)
            steps.done()
    return samples
