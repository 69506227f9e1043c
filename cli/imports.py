"""Imports: what the commands that bring files in have in common."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress

from cli.database import connected
from cli.import_report import ChangeT, Tally
from core.errors import Refused
from core.sheets import rejects
from core.sheets.dates import DateOrder
from core.sheets.encodings import Encoding
from core.sheets.rejects import Reject

ENCODINGS = click.Choice([encoding.value for encoding in Encoding], case_sensitive=False)
DATE_ORDERS = click.Choice([order.value for order in DateOrder], case_sensitive=False)
READ = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)
WRITTEN = click.Path(dir_okay=False, writable=True, path_type=Path)

Command = Callable[..., Any]

DECLARED: list[Callable[[Command], Command]] = [
    click.argument("file", type=READ),
    click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing."),
    click.option("--rejects", type=WRITTEN, help="Write rejected rows, with reasons, to this CSV."),
    click.option("--encoding", type=ENCODINGS, help="Instead of finding it out."),
    click.option("--date-order", type=DATE_ORDERS, help="Instead of finding it out."),
    click.option("--strict", is_flag=True, help="Exit with 1 when there are rejected rows."),
]


@dataclass(frozen=True)
class Options:
    """What every import is told."""

    file: Path
    dry_run: bool
    rejects: Path | None
    encoding: Encoding | None
    date_order: DateOrder | None
    strict: bool


def options(function: Command) -> Command:
    """Makes a command an import: what it is told comes as `Options`, its own options after."""

    @wraps(function)
    def command(encoding: str | None, date_order: str | None, **given: Any) -> None:
        told = {name: given.pop(name) for name in ("file", "dry_run", "rejects", "strict")}
        if told["rejects"] and told["rejects"].exists() and told["rejects"].samefile(told["file"]):
            raise click.UsageError("--rejects names the file that is to be read")
        told["encoding"] = Encoding(encoding) if encoding else None
        told["date_order"] = DateOrder(date_order) if date_order else None
        try:
            function(Options(**told), **given)
        except Refused as refused:
            raise click.ClickException(refused.message("en")) from None

    declared: Command = command
    for declare in reversed(DECLARED):
        declared = declare(declared)
    return declared


def run(
    changes: AsyncIterator[ChangeT | Reject],
    tally: Tally[ChangeT],
    options: Options,
    *,
    headers: Iterable[str],
    total: int,
) -> None:
    """Carries an import out and tells what came of it."""
    asyncio.run(_seen(changes, tally, options, headers, total))
    say(tally.outcome(options.rejects, dry_run=options.dry_run))
    if options.strict and tally.faulty:
        raise click.exceptions.Exit(1)


def say(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(line)


async def _seen(
    changes: AsyncIterator[ChangeT | Reject],
    tally: Tally[ChangeT],
    options: Options,
    headers: Iterable[str],
    total: int,
) -> None:
    columns = (*Progress.get_default_columns(), MofNCompleteColumn())
    with ExitStack() as open_:
        writer = options.rejects and open_.enter_context(rejects.written(options.rejects, headers))
        progress = open_.enter_context(Progress(*columns, console=Console(stderr=True)))
        task = progress.add_task("planning" if options.dry_run else "importing", total=total)
        async with connected():
            async for outcome in changes:
                tally.see(outcome)
                if writer:
                    writer(outcome)
                progress.advance(task)
