"""A run: feed, like, deep pages and starts on one company, and the board of the week on another."""

from collections.abc import Callable

from bench import contestants, loading, peers, postgres, running
from bench.board import running as board
from bench.company import SIZES
from bench.load import limits
from bench.postgres import Database
from bench.progress import Progress
from bench.report import Report, machine
from bench.running import Plan, Workload
from bench.stage import Stage
from bench.workloads import start
from bench.workloads.feed import Feed
from bench.workloads.like import Like
from bench.workloads.page import Page

WORKLOADS: dict[str, Callable[[Stage], Workload]] = {"feed": Feed, "like": Like, "page": Page}


async def run(plan: Plan, named: str, home: str, progress: Progress) -> Report:
    """Raises Differs, NotServing, Refused, Unreachable."""
    async with postgres.database(named) as database:
        report = Report(machine(plan, database.version), load_limit=await limits.made())
        if any(map(plan.has, (*WORKLOADS, "start"))):
            await _company(report, database, plan, home, progress)
    if plan.has("board"):
        members = board.SIZES[plan.size][0]
        _, report.workloads["board"] = await board.of(members, plan, named, home, progress)
    return report


async def _company(
    report: Report, database: Database, plan: Plan, home: str, progress: Progress
) -> None:
    size = SIZES[plan.size]
    await loading.load(database.url, size, progress.rows)
    asked = [*contestants.ours(database.url, home), contestants.bare(database.url)]
    asked += await peers.ready(database) if plan.peers else []
    async with running.a_stage(database, size, asked) as stage:
        for name, workload in WORKLOADS.items():
            if plan.has(name):
                report.workloads[name] = await running.measure(workload(stage), plan, progress)
        if plan.has("start"):
            report.starts = await _starts(stage, plan, progress)


async def _starts(stage: Stage, plan: Plan, progress: Progress) -> list[float]:
    steps = progress.steps("start", plan.rounds)
    seconds = []
    for _ in range(plan.rounds):
        seconds.append(await start.seconds(stage))
        steps.done()
    return seconds
