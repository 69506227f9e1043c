"""`breakroom boards`: the boards behind the lists."""

import asyncio

import click

from cli.database import connected
from gamify.boards import rebuilding, sorted_sets


@click.group()
def boards() -> None:
    """Look after who did how much."""


@boards.command()
def rebuild() -> None:
    """Make running boards anew from what counts for them, while the service runs.

    They keep themselves up to date. This is for when `breakroom integrity` says that one is wrong,
    and for a Redis that was restored from an old state.
    """
    click.echo(f"{asyncio.run(_rebuild())} boards are as what happened says")


async def _rebuild() -> int:
    async with connected():
        count = await rebuilding.rebuild()
        await sorted_sets.fill()
        return count
