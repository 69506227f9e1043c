"""`python3 run.py bench`: how fast Breakroom is, measured here and now."""

import asyncio
import signal
import sys
import tempfile
from pathlib import Path

import click
import orjson
from rich.console import Console

from bench import chart
from bench.board import running as board
from bench.company import SIZES
from bench.load.job import Refused
from bench.node import Unreachable
from bench.operations import running as operations
from bench.processes import NotServing
from bench.progress import Progress
from bench.report import Report
from bench.running import Plan
from bench.workloads import running as workloads
from bench.workloads.answers import Differs

RESULTS = Path(__file__).parent / "results"
WIDTH = 110  # characters at least, in a file or a pipe too
RUNS = {"workloads": workloads.run, "board": board.run, "operations": operations.run}
LENGTHS = {"workloads": (5, 3.0), "board": (5, 3.0), "operations": (3, 0.5)}
"""rounds, and seconds of each"""


@click.command()
@click.argument("what", type=click.Choice([*RUNS]), default="workloads")
@click.option("--size", type=click.Choice([*SIZES]), default="small", show_default=True)
@click.option("--postgres", default="", metavar="URL", help="In place of one of our own.")
@click.option("--rounds", type=click.IntRange(1), help="5; of operations, which are many, 3.")
@click.option("--seconds", type=float, help="Of each round: 3; of operations 0.5.")
@click.option("--only", multiple=True, help="Workloads, or operations; again for another one.")
@click.option("--peers", is_flag=True, help="PostGraphile and Mercurius too, from npm.")
@click.option("--json", "as_json", is_flag=True, help="One line for programs.")
def main(  # noqa: PLR0913  # one for each option
    what: str,
    size: str,
    postgres: str,
    *,
    rounds: int | None,
    seconds: float | None,
    only: tuple[str, ...],
    peers: bool,
    as_json: bool,
) -> None:
    """Measure side by side and in turns, and keep what came of it.

    The workloads are feed, like, page, start and board; the board alone is that of the week at all
    sizes, where it is large of 100,000 and a million members; the operations are those that clients
    send, each beside a bare handler that sends the same SQL.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that all servers end with us
    usual_rounds, usual_seconds = LENGTHS[what]
    plan = Plan(size, rounds or usual_rounds, seconds or usual_seconds, only, peers)
    try:
        with Progress() as progress, tempfile.TemporaryDirectory(prefix="breakroom-bench-") as home:
            report = asyncio.run(RUNS[what](plan, postgres, home, progress))
    except (Differs, NotServing, Refused, Unreachable) as failure:
        raise click.ClickException(f"{type(failure).__name__}: {failure}") from failure
    _tell(report, as_json=as_json)


def _tell(report: Report, *, as_json: bool) -> None:
    kept = report.keep(RESULTS)
    chart.draw(report.middle(), kept.with_suffix(".png"))
    console = Console(stderr=as_json, highlight=False)
    console.width = max(console.width, WIDTH)
    console.print(report.table())
    console.print(f"kept in {kept} and {kept.with_suffix('.png')}", soft_wrap=True)
    if as_json:
        sys.stdout.write(orjson.dumps(report.line()).decode() + "\n")
    if report.refused:
        told = (f"{name}: {why}" for name, why in report.refused.items())
        raise click.ClickException("\n".join(["These could not be measured:", *told]))


if __name__ == "__main__":
    main()
