"""`breakroom migrate` and, for developers, `breakroom makemigrations`."""

import asyncio

import click
from tortoise.migrations.writer import migrations_module_path

from api.composition import MODELS
from core import settings
from core.database import migrations


@click.command()
def migrate() -> None:
    """Bring the database up to date; safe to run from several copies at once."""
    try:
        applied = asyncio.run(migrations.migrate(settings.current().database_url, MODELS))
    except migrations.MigrationFailed as failure:
        raise click.ClickException(f"nothing was changed: {failure}") from failure
    click.echo("\n".join(f"applied {name}" for name in applied) or "The database is up to date.")


@click.command()
@click.option("--check", is_flag=True, help="Write nothing; fail if something is to be written.")
@click.option("--fresh", is_flag=True, help="Start the chain anew (only while unreleased).")
def makemigrations(*, check: bool, fresh: bool) -> None:
    """Write down what the models say and the migrations do not yet."""
    if check:
        _refuse(asyncio.run(migrations.changes(MODELS)))
    if fresh:
        for path in migrations_module_path(migrations.PACKAGE).glob("[0-9]*.py"):
            path.unlink()
    written = asyncio.run(migrations.write(MODELS))
    click.echo("\n".join(f"wrote {path}" for path in written) or "No changes detected.")


def _refuse(changes: list[str]) -> None:
    if changes:
        raise click.ClickException("\n  ".join(["run `breakroom makemigrations`:", *changes]))
