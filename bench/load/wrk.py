"""The load made by wrk, which sends its requests again and again."""

import asyncio
from asyncio.subprocess import PIPE
from pathlib import Path
from tempfile import NamedTemporaryFile

from bench.load.job import Job, Outcome

SCRIPT = Path(__file__).with_suffix(".lua")
MICROSECOND = 1e-6


async def make(wrk: str, job: Job) -> Outcome:
    """In whole seconds, which is what wrk knows."""
    with NamedTemporaryFile(prefix="breakroom-bench-") as file:
        for request in job.requests:
            file.write(b"%d\n%s" % (len(request), request))
        file.flush()
        options = ("-t1", f"-c{job.connections}", f"-d{max(1, round(job.seconds))}")
        script = (file.name, job.unwanted.decode())
        process = await asyncio.create_subprocess_exec(
            *(wrk, *options, f"-s{SCRIPT}", f"http://127.0.0.1:{job.port}", "--", *script),
            stdout=PIPE,
        )
        printed, _ = await process.communicate()
    _, figures, refused = printed.decode(errors="replace").split("\n---\n")
    answered, duration, p99 = map(int, figures.split())
    return Outcome(duration * MICROSECOND, answered, p99 * MICROSECOND, refused.strip())
