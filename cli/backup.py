"""`breakroom backup` and `breakroom restore`."""

import asyncio
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import BinaryIO

import asyncpg
import click
from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, TaskID
from tortoise.exceptions import BaseORMException

from api.composition import MODELS
from core import files, settings
from core.crypto.keys import BadKeyFile
from core.database import backups
from core.database.archives import Advance, BadArchive, Manifest
from core.database.backups import Database, NotEmpty, NotRestored
from core.database.migrations import MigrationFailed
from core.errors import Refused

NEW = click.Path(dir_okay=False, writable=True, allow_dash=True, path_type=Path)
MADE = click.Path(dir_okay=False, readable=True, allow_dash=True, exists=True, path_type=Path)
STANDARD = Path("-")

BEWARE = """\
This file holds every key: whoever has it can read everything and find out who wrote unseen.
Keep it where nobody reads it, or pipe it through age or gpg (docs/operating.md)."""


@click.command()
@click.argument("file", type=NEW)
def backup(file: Path) -> None:
    """Write database, media and keys to a new FILE.

    With - to standard output. The service may go on meanwhile. Whoever has the file has
    everything: keep it well.
    """
    with _told(), _target(file) as target, _progress() as advance:
        manifest = asyncio.run(backups.make(target, _database(), advance))
    for name in manifest.lost:
        click.echo(f"not in the storage, though the database names it: {name}", err=True)
    click.echo(f"backed up {_summary(manifest)}", err=True)
    click.secho(BEWARE, bold=True, err=True)


@click.command()
@click.argument("file", type=MADE)
@click.option("--force", is_flag=True, help="Replace the database and the keys that are here.")
def restore(file: Path, *, force: bool) -> None:
    """Make everything again from a backup FILE.

    With - from standard input. Stop the service first. The whole file is checked before
    anything is touched.
    """
    with _told(), _source(file) as source, _progress() as advance:
        done = asyncio.run(backups.restore(source, _database(), advance, force=force))
    for name in done.migrations:
        click.echo(f"applied {name}")
    click.echo(f"restored {_summary(done.manifest)}, of {done.manifest.made_at:%F %T} UTC")
    click.echo("Now: breakroom integrity, breakroom doctor, breakroom serve")


def _database() -> Database:
    return backups.database(settings.current().database_url, MODELS)


@contextmanager
def _target(file: Path) -> Iterator[BinaryIO]:
    """Standard output, or a file that appears once it is whole."""
    if file == STANDARD:
        if sys.stdout.isatty():
            raise click.UsageError("standard output is a terminal; pipe it somewhere")
        yield sys.stdout.buffer
    elif file.exists():
        raise click.UsageError(f"{file} is there already; a backup replaces nothing")
    else:
        with files.written(file) as target:
            yield target


@contextmanager
def _source(file: Path) -> Iterator[BinaryIO]:
    """What can be read more than once: standard input becomes a file without a name."""
    if file != STANDARD:
        with file.open("rb") as source:
            yield source
        return
    files.make_folder(settings.current().home)
    with TemporaryFile(dir=settings.current().home) as source:
        copyfileobj(sys.stdin.buffer, source)
        yield source


@contextmanager
def _progress() -> Iterator[Advance]:
    """Bars that appear when there is something to show."""
    tasks: dict[str, TaskID] = {}
    columns = (*Progress.get_default_columns(), MofNCompleteColumn())
    progress = Progress(*columns, console=Console(stderr=True))
    with ExitStack() as shown:

        def advance(what: str, done: int, total: int) -> None:
            if not tasks:
                shown.enter_context(progress)
            if what not in tasks:
                tasks[what] = progress.add_task(what)
            progress.update(tasks[what], completed=done, total=total)

        yield advance


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except Refused as refused:
        raise click.ClickException(refused.message("en")) from None
    except NotEmpty as why:
        raise click.ClickException(f"Nothing was restored: {why}. --force replaces it.") from None
    except (BadArchive, NotRestored) as why:
        raise click.ClickException(f"Nothing was restored: {why}.") from None
    except (BadKeyFile, MigrationFailed) as why:
        raise click.ClickException(f"{why}") from None
    except (sqlite3.OperationalError, asyncpg.UndefinedTableError) as failure:
        raise click.ClickException(f"{failure}. Has `breakroom migrate` been run?") from None
    except (OSError, sqlite3.Error, asyncpg.PostgresError, BaseORMException) as failure:
        raise click.ClickException(f"{failure}") from None


def _summary(manifest: Manifest) -> str:
    media = sum(name.startswith(backups.MEDIA) for name in manifest.members)
    return f"{sum(manifest.rows.values())} rows, {media} media files and the keys"
