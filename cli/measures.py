"""`breakroom measures import`: figures of people's days, from another system's export."""

from collections.abc import Iterator

import click

from cli import import_report, imports
from cli.import_report import Tally
from cli.imports import Options
from gamify.measures import figure_files, figure_imports
from gamify.measures.figure_columns import Field
from gamify.measures.figure_files import FigureFile
from gamify.measures.figure_imports import Change, Kind
from gamify.measures.figures import VALUES


@click.group()
def measures() -> None:
    """What other systems know of people's work."""


@measures.command("import")
@imports.options
def import_(options: Options) -> None:
    """Bring in what a FILE says of people's days: volume, hours, resolution, satisfaction.

    A CSV in whatever encoding, with a row for each person and day. A day that is said otherwise
    than before is restated, and its owner told. The same file again changes nothing.
    """
    file = figure_files.opened(
        options.file, encoding=options.encoding, date_order=options.date_order
    )
    imports.say(_findings(file))
    imports.run(
        figure_imports.changes(file.entries(), dry_run=options.dry_run),
        Tally(Kind, _told),
        options,
        headers=file.columns.headers,
        total=file.total,
    )


def _findings(file: FigureFile) -> Iterator[str]:
    orders = [(file.columns.header(Field.DATE), file.date_order)]
    return import_report.findings(file.table, file.columns, file.total, orders)


def _told(change: Change) -> Iterator[str]:
    entry, was = change.entry, change.was
    said = (
        f"{name} {getattr(was, name)} → {entry.values[name]}"
        if was
        else f"{name} {entry.values[name]}"
        for name in VALUES
        if name in entry.values and (was is None or getattr(was, name) != entry.values[name])
    )
    yield f"  {change.kind}: {entry.number} {entry.day} {', '.join(said)}"
