"""Every operation in turn: recorded, then measured with and without Breakroom."""

import asyncio
import pickle
import sys
from asyncio.subprocess import PIPE, STDOUT
from collections.abc import Sequence
from itertools import islice
from os import environ
from pathlib import Path
from urllib.parse import urlsplit

from bench import contestants, loading, postgres, running
from bench.company import SIZES, Size
from bench.contestants import UVICORN, Contestant
from bench.load import limits
from bench.load.job import Refused
from bench.operations import documents
from bench.operations.asked import OPERATIONS
from bench.operations.beside import RECORDED, SERIES, Beside
from bench.operations.report import Report
from bench.operations.scripts import Script
from bench.postgres import Database
from bench.processes import ROOT
from bench.progress import Progress
from bench.report import machine
from bench.running import Plan
from bench.stage import Stage

TOLD = 2000  # characters of a failure


async def run(plan: Plan, named: str, home: str, progress: Progress) -> Report:
    """Raises NotServing, Refused."""
    size, names = SIZES[plan.size], [*filter(plan.has, OPERATIONS)]
    async with postgres.database(named) as database:
        await loading.load(database.url, size, progress.rows)
        await _commit_lightly(database)
        [ours, _] = contestants.ours(database.url, home)
        scripts = Path(home) / "scripts"
        refused = await record(names, size, ours, scripts)
        report = Report(machine(plan, database.version), await limits.made(), refused=refused)
        pair = [ours, replaying(database.url, scripts)]
        async with running.a_stage(database, size, pair) as stage:
            await _measure(names, stage, plan, report, progress)
    return report


async def _measure(
    names: Sequence[str], stage: Stage, plan: Plan, report: Report, progress: Progress
) -> None:
    """All that can be: what one of them fails with is told at the end."""
    left = [name for name in names if name not in report.refused]
    steps = progress.steps("operations", len(left) * plan.rounds_of(SERIES))
    for name in left:
        steps.what = f"{name:<20}"
        try:
            workload = Beside(stage, name, plan)
            report.workloads[name] = await running.rounds(workload, plan, steps)
        except Refused as refused:
            report.refused[name] = str(refused)[:TOLD]


async def record(
    names: Sequence[str], size: Size, ours: Contestant, scripts: Path
) -> dict[str, str]:
    """Which cannot be recorded, and what they are refused with. Raises Refused."""
    asked = {name: [*islice(documents.requests(name, size), RECORDED)] for name in names}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bench.operations.recording", str(scripts)),
        stdin=PIPE,
        stdout=PIPE,
        stderr=STDOUT,
        cwd=ROOT,
        env=environ | ours.environment,
    )
    printed, _ = await process.communicate(pickle.dumps(asked))
    if process.returncode:
        raise Refused(printed.decode()[-TOLD:])
    return {name: why[:TOLD] for name, why in recorded(scripts).items() if isinstance(why, str)}


def recorded(scripts: Path) -> dict[str, list[Script] | str]:
    found: dict[str, list[Script] | str] = pickle.loads(scripts.read_bytes())  # noqa: S301  # our own
    return found


def replaying(url: str, scripts: Path) -> Contestant:
    command = (*UVICORN, "bench.operations.replaying:app")
    return Contestant("bare", command, {"BENCH_DATABASE": url, "BENCH_SCRIPTS": str(scripts)})


async def _commit_lightly(database: Database) -> None:
    """A commit waits no longer than the rollback of the bare handler."""
    name = urlsplit(database.url).path.removeprefix("/")
    await database.run(f"ALTER DATABASE {name} SET synchronous_commit = off")
