"""`breakroom staff import`: what HR's file says, into people."""

import asyncio
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path

import click
from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress

from cli import staff_activation, staff_report
from cli.database import connected
from cli.staff_report import Tally
from core import staff_files, staff_rejects
from core.dates import DateOrder
from core.encodings import Encoding
from core.errors import Refused
from core.staff import Import
from core.staff_files import StaffFile

ENCODINGS = click.Choice([encoding.value for encoding in Encoding], case_sensitive=False)
DATE_ORDERS = click.Choice([order.value for order in DateOrder], case_sensitive=False)
READ = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)
WRITTEN = click.Path(dir_okay=False, writable=True, path_type=Path)


@click.group()
def staff() -> None:
    """Everybody who works here, as HR knows them."""


staff.add_command(staff_activation.activation)


@staff.command("import")
@click.argument("file", type=READ)
@click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
@click.option("--rejects", type=WRITTEN, help="Write rejected rows, with reasons, to this CSV.")
@click.option("--encoding", type=ENCODINGS, help="Instead of finding it out.")
@click.option("--date-order", type=DATE_ORDERS, help="Instead of finding it out.")
@click.option("--strict", is_flag=True, help="Exit with 1 when there are rejected rows.")
def import_(  # noqa: PLR0913  # one for each option
    file: Path,
    *,
    dry_run: bool,
    rejects: Path | None,
    encoding: str | None,
    date_order: str | None,
    strict: bool,
) -> None:
    """Bring in what a staff FILE of HR's says: who is new, who changed, who leaves.

    A CSV in whatever encoding, with whatever separator and date order. People who are not in the
    file are left alone, and so is what it has no column for. The same file again changes nothing.
    """
    if rejects and rejects.exists() and rejects.samefile(file):
        raise click.UsageError("--rejects names the file that is to be read")
    try:
        opened = staff_files.opened(
            file,
            encoding=Encoding(encoding) if encoding else None,
            date_order=DateOrder(date_order) if date_order else None,
        )
        _say(staff_report.findings(opened))
        tally = asyncio.run(_imported(opened, rejects, dry_run=dry_run))
    except Refused as refused:
        raise click.ClickException(refused.message("en")) from None
    _say(staff_report.outcome(tally, rejects, dry_run=dry_run))
    if strict and tally.faulty:
        raise click.exceptions.Exit(1)


async def _imported(file: StaffFile, rejects: Path | None, *, dry_run: bool) -> Tally:
    tally = Tally()
    with ExitStack() as open_:
        writer = rejects and open_.enter_context(
            staff_rejects.written(rejects, file.columns.headers)
        )
        progress = open_.enter_context(
            Progress(
                *Progress.get_default_columns(), MofNCompleteColumn(), console=Console(stderr=True)
            )
        )
        task = progress.add_task("planning" if dry_run else "importing", total=file.survey.total)
        async with connected():
            async for outcome in Import(file, dry_run=dry_run).changes():
                tally.see(outcome)
                if writer:
                    writer(outcome)
                progress.advance(task)
    return tally


def _say(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(line)
