"""`breakroom grants`: who may moderate, counsel, administer."""

import asyncio
from collections.abc import Awaitable, Callable

import click

from cli.database import connected
from core import people
from core.errors import Refused
from core.identity import grants as core_grants
from core.people import Grant

GRANT = click.Choice([*Grant], case_sensitive=False)


@click.group()
def grants() -> None:
    """Who may do more than everybody else.

    HR and SUPERVISOR also stand in HR's staff file: with the next import, it decides.
    """


@grants.command()
@click.argument("number")
@click.argument("grant", type=GRANT)
def add(number: str, grant: str) -> None:
    """Let the employee with this NUMBER do what a GRANT allows, from now on."""
    given = _changed(core_grants.give, number, Grant(grant))
    click.echo(f"{number} has the grant {grant}{'' if given else ' already'}")


@grants.command()
@click.argument("number")
@click.argument("grant", type=GRANT)
def remove(number: str, grant: str) -> None:
    """Take a GRANT from the employee with this NUMBER, at once."""
    taken = _changed(core_grants.take, number, Grant(grant))
    click.echo(f"{number} has {'lost' if taken else 'not'} the grant {grant}")


@grants.command("list")
def list_() -> None:
    """Show everybody who carries a grant."""
    for line in asyncio.run(_lines()):
        click.echo(line)


async def _lines() -> list[str]:
    async with connected():
        carried = await core_grants.carried()
        named = await people.grants(carried)
    pairs = zip(carried, named, strict=True)
    return [f"{person.number} {person.name}: {', '.join(names)}" for person, names in pairs]


def _changed(action: Callable[[str, Grant], Awaitable[bool]], number: str, grant: Grant) -> bool:
    async def change() -> bool:
        async with connected():
            return await action(number, grant)

    try:
        return asyncio.run(change())
    except Refused as refused:
        raise click.ClickException(refused.message("en")) from None
