"""Who makes the load: wrk where it is installed, and a process of ours for what is sent once."""

import asyncio
import pickle
import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.load import wrk
from bench.load.job import Job, Outcome, Refused
from bench.processes import ROOT

WRK = shutil.which("wrk")


async def run(job: Job) -> Outcome:
    """Raises Refused."""
    outcome = await (wrk.make(WRK, job) if WRK and not job.once else make(job))
    if outcome.refused or not outcome.answered:
        raise Refused(outcome.refused or "nothing was answered")
    return outcome


async def make(job: Job) -> Outcome:
    with TemporaryDirectory(prefix="breakroom-bench-") as folder:
        file = Path(folder) / "job"
        file.write_bytes(pickle.dumps(job))
        command = (sys.executable, "-m", "bench.load.own", str(file))
        process = await asyncio.create_subprocess_exec(*command, cwd=ROOT)
        if await process.wait():
            raise Refused("the load could not be made")
        return pickle.loads(file.read_bytes())  # type: ignore[no-any-return]  # noqa: S301  # our own
