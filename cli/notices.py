"""`breakroom notices`: messages that could not be sent, and what messengers call people."""

import asyncio
from pathlib import Path

import click

from cli.database import connected
from core.errors import Refused
from core.messaging import addresses, announcements, deliveries
from core.messaging.addresses import MESSENGERS
from core.messaging.notice_settings import NoticeChannel
from core.people import Person
from core.sheets import tables

SHOWN = 20
MESSENGER = click.Choice(sorted(MESSENGERS), case_sensitive=False)
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
COLUMNS = {"number", "user"}


@click.group()
def notices() -> None:
    """Messages to phones and messengers."""


@notices.command()
def failed() -> None:
    """Show those that were set aside, after failing for hours or because they were refused."""
    for line in asyncio.run(_failed()):
        click.echo(line)


@notices.command()
def retry() -> None:
    """Send what was set aside after all."""
    click.echo(f"{asyncio.run(_retry())} messages will be sent again by `breakroom serve`")


@notices.command()
@click.argument("messenger", type=MESSENGER)
@click.argument("file", type=FILE)
def names(messenger: str, file: Path) -> None:
    """Say what a MESSENGER calls people, where that is not their employee number.

    The FILE has a header with the columns `number` and `user`.
    """
    try:
        said, unknown = asyncio.run(_names(NoticeChannel(messenger), file))
    except Refused as refused:
        raise click.ClickException(refused.message("en")) from None
    click.echo(f"{said} people are known by their names there")
    if unknown:
        raise click.ClickException(f"nobody here has these numbers: {', '.join(unknown[:SHOWN])}")


async def _failed() -> list[str]:
    async with connected():
        rows, aside = await deliveries.failed(limit=SHOWN), await announcements.failed(limit=SHOWN)
        count = await deliveries.failed_count() + await announcements.failed_count()
    lines = [f"{row.failed_at:%F %T} {row.address.channel}: {row.error}" for row in rows]
    lines += [f"{row.failed_at:%F %T} robot of {row.robot}: {row.error}" for row in aside]
    more = [f"… and {count - len(lines)} more"] if count > len(lines) else []
    return [*lines, *more, f"{count} messages were set aside"]


async def _retry() -> int:
    async with connected():
        return await deliveries.retry() + await announcements.retry()


async def _names(channel: NoticeChannel, file: Path) -> tuple[int, list[str]]:
    table = tables.opened(file, lambda cells: len(COLUMNS & set(_lower(cells))), None)
    header = _lower(table.header.cells)
    if not set(header) >= COLUMNS:
        raise click.ClickException("the header must have the columns number and user")
    given = {
        row.cells[header.index("number")]: row.cells[header.index("user")]
        for row in table.rows()
        if not row.refused
    }
    async with connected():
        people = await Person.filter(number__in=list(given))
        for person in people:
            await addresses.name(person, channel, given[person.number])
    return len(people), sorted(given.keys() - {person.number for person in people})


def _lower(cells: list[str]) -> list[str]:
    return [cell.lower() for cell in cells]
