"""`breakroom shifts import`: what a roster says, into shifts."""

from collections.abc import Iterator, Sequence

import click
from pydantic import TypeAdapter, ValidationError

from cli import import_report, imports
from cli.import_report import Tally
from cli.imports import Options
from core.rosters import shift_files
from core.rosters.shift_changes import Change, Kind
from core.rosters.shift_columns import Field
from core.rosters.shift_files import ShiftFile
from core.rosters.shift_hours import Span
from core.rosters.shift_imports import Import
from core.setting_types import Zone


@click.group()
def shifts() -> None:
    """Who is on duty when."""


def _zone(_: click.Context, __: click.Parameter, name: str) -> str:
    try:
        return name and TypeAdapter(Zone).validate_python(name)
    except ValidationError:
        raise click.BadParameter("name a time zone such as Asia/Shanghai") from None


@shifts.command("import")
@imports.options
@click.option(
    "--time-zone", default="", callback=_zone, help="Of the file, if not the organisation's."
)
def import_(options: Options, time_zone: str) -> None:
    """Bring in what a roster FILE says: who is on duty from when to when, and who is free.

    A CSV in whatever encoding, with a row for each person and shift. What it says of somebody's day
    takes the place of what was known of it; other days and people are left alone. The same file
    again changes nothing.
    """
    file = shift_files.opened(
        options.file,
        encoding=options.encoding,
        date_order=options.date_order,
        time_zone=time_zone,
    )
    imports.say(_findings(file))
    imports.run(
        Import(file, dry_run=options.dry_run).changes(),
        Tally(Kind, lambda change: _told(change, file)),
        options,
        headers=file.columns.headers,
        total=file.total,
    )


def _findings(file: ShiftFile) -> Iterator[str]:
    orders = [(file.header(Field.DATE, Field.BEGINS), file.date_order)]
    yield from import_report.findings(file.table, file.columns, file.total, orders)
    yield f"time zone  {file.zone.key}"


def _told(change: Change, file: ShiftFile) -> Iterator[str]:
    entry = change.entry
    now = _hours([entry.span] if entry.span else [], file)
    was = f"{_hours(change.was, file)} → " if change.was else ""
    yield f"  {change.kind}: {entry.number} {entry.day} {was}{now}"


def _hours(spans: Sequence[Span], file: ShiftFile) -> str:
    told = ((at.astimezone(file.zone) for at in span) for span in spans)
    return ", ".join(f"{begins:%H:%M}–{ends:%H:%M}" for begins, ends in told) or "free"
