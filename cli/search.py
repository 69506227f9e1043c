"""`breakroom search`: the index behind it."""

import asyncio

import click

from api.composition import MODELS
from community import indexing
from core import settings, transactions
from core.database import db


@click.group()
def search() -> None:
    """Look after what people find."""


@search.command()
def rebuild() -> None:
    """Make the index anew, while the service runs.

    It keeps itself up to date. This is for rows that were loaded past the service, and after
    an update that says so.
    """
    click.echo(f"{asyncio.run(_rebuild())} posts, comments, tags and people can be found")


async def _rebuild() -> int:
    await db.connect(settings.current().database_url, MODELS)
    try:
        return await indexing.rebuild()
    finally:
        await transactions.drain()
        await db.disconnect()
