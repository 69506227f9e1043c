"""`breakroom webhooks`: what a supplier did not take."""

import asyncio

import click

from cli.database import connected
from core.messaging import webhooks as calls

SHOWN = 20


@click.command()
@click.option("--retry", is_flag=True, help="Tell after all what was set aside.")
def webhooks(*, retry: bool) -> None:
    """Show calls to a supplier that were set aside, after failing again and again over hours."""
    asyncio.run(_retry() if retry else _show())


async def _show() -> None:
    async with connected():
        failed = await calls.failed(limit=SHOWN)
    for call in failed:
        click.echo(f"{call.failed_at:%F %T} {call.id}: {call.error}")
    click.echo(f"{len(failed)} calls were set aside" if failed else "no call was set aside")


async def _retry() -> None:
    async with connected():
        count = await calls.retry()
    click.echo(f"{count} calls will be made again by `breakroom serve`")
