"""A run: everything is set up once, and the rounds of all contestants take turns."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Protocol

from bench import contestants, loading, peers, postgres, processes
from bench.company import SIZES, Size
from bench.contestants import Contestant
from bench.load import limits
from bench.postgres import Database
from bench.progress import Progress, Steps
from bench.report import Report, machine
from bench.stage import Sample, Stage
from bench.workloads import start
from bench.workloads.feed import Feed
from bench.workloads.like import Like
from bench.workloads.page import Page


class Workload(Protocol):
    name: str
    series: list[str]  # what is measured side by side: contestants, or pages of one

    async def prepare(self) -> None:
        """Raises Differs if contestants do not answer alike."""

    async def round(self, series: str, seconds: float) -> Sample: ...


WORKLOADS: dict[str, Callable[[Stage], Workload]] = {"feed": Feed, "like": Like, "page": Page}


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


async def run(plan: Plan, named: str, home: str, progress: Progress) -> Report:
    """Raises Differs, NotServing, Refused, Unreachable."""
    size = SIZES[plan.size]
    async with postgres.database(named) as database:
        await loading.load(database.url, size, progress.rows)
        asked = [*contestants.ours(database.url, home), contestants.bare(database.url)]
        asked += await peers.ready(database) if plan.peers else []
        report = Report(machine(plan, database.version), load_limit=await limits.made())
        async with a_stage(database, size, asked) as stage:
            for name, workload in WORKLOADS.items():
                if plan.has(name):
                    report.workloads[name] = await measure(workload(stage), plan, progress)
            if plan.has("start"):
                report.starts = await _starts(stage, plan, progress)
    return report


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


async def _starts(stage: Stage, plan: Plan, progress: Progress) -> list[float]:
    steps = progress.steps("start", plan.rounds)
    seconds = []
    for _ in range(plan.rounds):
        seconds.append(await start.seconds(stage))
        steps.done()
    return seconds
