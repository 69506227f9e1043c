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
from bench.operations.beside import RECORDED, Beside
from bench.operations.report import Report
from bench.postgres import Database
from bench.processes import ROOT
from bench.progress import Progress
from bench.report import machine
from bench.running import Plan

TOLD = 2000  # characters of a failure


async def run(plan: Plan, named: str, home: str, progress: Progress) -> Report:
    """Raises NotServing, Refused."""
    size, names = SIZES[plan.size], [*filter(plan.has, OPERATIONS)]
    async with postgres.database(named) as database:
        await loading.load(database.url, size, progress.rows)
        await _commit_lightly(database)
        [ours, _] = contestants.ours(database.url, home)
        scripts = Path(home) / "scripts"
        await record(names, size, ours, scripts)
        report = Report(machine(plan, database.version), await limits.made())
        pair = [ours, replaying(database.url, scripts)]
        async with running.a_stage(database, size, pair) as stage:
            for name in names:
                workload = Beside(stage, name, plan)
                report.workloads[name] = await running.measure(workload, plan, progress)
    return report


async def record(names: Sequence[str], size: Size, ours: Contestant, scripts: Path) -> None:
    """Raises Refused."""
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


def replaying(url: str, scripts: Path) -> Contestant:
    command = (*UVICORN, "bench.operations.replaying:app")
    return Contestant("bare", command, {"BENCH_DATABASE": url, "BENCH_SCRIPTS": str(scripts)})


async def _commit_lightly(database: Database) -> None:
    """A commit waits no longer than the rollback of the bare handler."""
    name = urlsplit(database.url).path.removeprefix("/")
    await database.run(f"ALTER DATABASE {name} SET synchronous_commit = off")
