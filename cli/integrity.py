"""`breakroom integrity`: whether every stored figure is what its rows prove."""

import asyncio
from inspect import getdoc

import click
from tortoise.exceptions import OperationalError

from api.composition import INTEGRITY, MODELS
from core import settings
from core.database import migrations

SHOWN = 20  # findings of one check; the rest are counted


@click.command()
def integrity() -> None:
    """Prove that balances, budgets and counters are right; exit with 1 if one is not."""
    try:
        findings = asyncio.run(_check())
    except OperationalError as failure:
        raise click.ClickException(f"run `breakroom migrate` first ({failure})") from None
    if findings:
        raise click.ClickException(f"findings: {findings}")


async def _check() -> int:
    """Every check in turn, however long it takes; how much was found."""
    async with migrations.opened(settings.current().database_url, MODELS):
        return sum([_told(getdoc(check) or "", await check()) for check in INTEGRITY])


def _told(title: str, findings: list[str]) -> int:
    click.echo(f"{'✗' if findings else '✓'} {title}")
    for finding in findings[:SHOWN]:
        click.echo(f"    {finding}")
    if len(findings) > SHOWN:
        click.echo(f"    … and {len(findings) - SHOWN} more")
    return len(findings)
