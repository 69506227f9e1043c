"""`breakroom outbox`: events that nobody could be told of."""

import asyncio

import click

from cli.database import connected
from core import events
from core.events import Event

SHOWN = 20


@click.command()
@click.option("--retry", is_flag=True, help="Deliver what was set aside after all.")
def outbox(*, retry: bool) -> None:
    """Show events that could not be delivered.

    They were set aside after failing again and again over some hours.
    """
    asyncio.run(_retry() if retry else _show())


async def _show() -> None:
    async with connected():
        backlog, failed = await events.backlog(), await events.failed(limit=SHOWN)
    for event in failed:
        click.echo(f"{event.failed_at:%F %T} {event.name} {event.id}: {_kind_of_error(event)}")
    if backlog.failed > len(failed):
        click.echo(f"… and {backlog.failed - len(failed)} more")
    click.echo(f"{backlog.waiting} events are due, {backlog.failed} were set aside")


async def _retry() -> None:
    async with connected():
        count = await events.retry()
    click.echo(f"{count} events will be delivered again by `breakroom serve`")


def _kind_of_error(event: Event) -> str:
    """Its words may quote what somebody wrote."""
    return (event.error or "").partition("(")[0]
