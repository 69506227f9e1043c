"""`breakroom staff import`: what HR's file says, into people."""

import click

from cli import imports, staff_activation, staff_report
from cli.import_report import Tally
from cli.imports import Options
from core.personnel import staff_files
from core.personnel.staff import Import
from core.personnel.staff_changes import Kind


@click.group()
def staff() -> None:
    """Everybody who works here, as HR knows them."""


staff.add_command(staff_activation.activation)


@staff.command("import")
@imports.options
def import_(options: Options) -> None:
    """Bring in what a staff FILE of HR's says: who is new, who changed, who leaves.

    A CSV in whatever encoding, with whatever separator and date order. People who are not in the
    file are left alone, and so is what it has no column for. The same file again changes nothing.
    """
    file = staff_files.opened(
        options.file, encoding=options.encoding, date_order=options.date_order
    )
    imports.say(staff_report.findings(file))
    imports.run(
        Import(file, dry_run=options.dry_run).changes(),
        Tally(Kind, staff_report.told),
        options,
        headers=file.columns.headers,
        total=file.survey.total,
    )
