"""`breakroom demo`: a living company to look around in, all of it generated."""

import asyncio
import logging
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, redirect_stdout
from time import monotonic
from typing import TextIO

import click
import orjson
import structlog
from asyncpg import PostgresError
from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, TimeElapsedColumn
from rich.table import Table
from tortoise.exceptions import DBConnectionError

from api import logs
from api.composition import MODELS, SUBSCRIBERS
from cli import serve
from core import settings, transactions
from core.database import db, migrations
from core.people import Person
from demo import company, digest, home, live, personas, seeding
from demo.agenda import Told
from demo.personas import Persona
from demo.seeding import Size, Track

SIZES = click.Choice([*seeding.SIZES])


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=serve.PORT, help="0: a free one.")
@click.option("--reset", is_flag=True, help="Begin anew; what was done in it is gone.")
@click.option("--size", default="small", show_default=True, type=SIZES)
@click.option("--postgres", default="", metavar="URL", help="In place of the embedded database.")
@click.option("--redis", default="", metavar="URL", help="For several processes side by side.")
@click.option("--json", "as_json", is_flag=True, help="When ready, one line for programs.")
def demo(  # noqa: PLR0913  # one for each option
    host: str, port: int, *, reset: bool, size: str, postgres: str, redis: str, as_json: bool
) -> None:
    """Serve a living company: people, what they say, and a token for each kind of visitor.

    All of it is generated. It has a home of its own, and the next start finds it as it was left.
    """
    out, tell = sys.stdout, _tell_program if as_json else _tell_visitor
    home.choose(size, postgres=postgres, redis=redis)
    logs.configure(development=True)
    SUBSCRIBERS[live.ANSWER] = [live.answer]
    with (
        redirect_stdout(sys.stderr if as_json else out),
        _refusals(),
        home.alone(),
        serve.opened(host, port) as door,
    ):
        people = asyncio.run(_prepared(seeding.SIZES[size], reset=reset))
        serve.run(door, ready=lambda url: tell(url, people, out))


async def _prepared(size: Size, *, reset: bool) -> list[Persona]:
    """A company to show, made if there is none, and those in whose name one looks around."""
    serve.collect_seldom()
    known = await home.prepared(reset=reset)
    async with _database():
        people = await (_found_again(known) if known else _made(size))
        await digest.keep(people)
        personas.keep(people)
        return people


async def _made(size: Size) -> list[Persona]:
    began = monotonic()
    with _progress() as track, _quietly():
        await home.empty()
        await seeding.seed(size, track)
    people = await personas.entered()
    click.echo(f"{await Person.all().count()} people in {monotonic() - began:.0f} s", err=True)
    return people


async def _found_again(known: list[Persona]) -> list[Persona]:
    with _progress() as track:
        await seeding.refresh(track)
    return await personas.back_again(known)


@asynccontextmanager
async def _database() -> AsyncIterator[None]:
    url = settings.current().database_url
    await migrations.migrate(url, MODELS)
    await db.connect(url, MODELS)
    try:
        yield
    finally:
        await transactions.drain()
        await db.disconnect()


@contextmanager
def _progress() -> Iterator[Track]:
    columns = (*Progress.get_default_columns(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as bars:

        def track(what: str, total: int) -> Told:
            bar = bars.add_task(f"{what:<16}", total=total)
            return lambda done: bars.advance(bar, done)

        yield track


@contextmanager
def _quietly() -> Iterator[None]:
    """What generated people do is no news; what goes wrong is."""
    usual, silent = structlog.get_config(), structlog.make_filtering_bound_logger(logging.WARNING)
    structlog.configure(wrapper_class=silent, cache_logger_on_first_use=False)
    try:
        yield
    finally:
        structlog.configure(**usual)


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except (home.Occupied, home.NotOurs, home.Unfinished) as refused:
        raise click.ClickException(str(refused)) from None
    except (DBConnectionError, PostgresError, OSError, migrations.MigrationFailed) as failure:
        raise click.ClickException(f"the database cannot be used: {failure}") from failure


def _tell_program(url: str, people: list[Persona], out: TextIO) -> None:
    shown = [{"role": one.role, "name": one.name, "token": one.token} for one in people]
    told = {"url": url, "graphql": f"{url}/graphql", "personas": shown}
    print(orjson.dumps(told).decode(), file=out, flush=True)  # what was asked for


def _tell_visitor(url: str, people: list[Persona], out: TextIO) -> None:
    table = Table("role", "name", "number", "token", box=None, pad_edge=False, padding=(0, 1, 0, 0))
    for one in people:
        table.add_row(one.role, one.name, one.number, one.token)
    console = Console(file=out, highlight=False)
    console.print(f"\n[bold]{company.told().name}[/]\n{company.told().notice}\n", soft_wrap=True)
    console.print(table, soft_wrap=True)
    console.print(f"\npassword   {people[0].password}")
    console.print(f"home       {settings.current().home}")
    console.print(f"GraphQL    {url}/graphql")
    console.print(f"look here  [bold]{url}[/]   (Ctrl+C ends it)\n")
