"""`breakroom keys`: the keys of this installation, their versions, and new ones."""

import asyncio

import click

from api.composition import SEALED
from cli.database import connected
from core.crypto import keys as core_keys
from core.crypto import resealing
from core.crypto.keys import PURPOSES, Purpose

#: What ends when a purpose gets a new key; what is not here goes on as before.
ENDS: dict[Purpose, str] = {
    "contact": "candidates who come again are new, and may be claimed once more",
    "cursor": "lists that are open on phones begin again",
    "erasure": "a staff file that still lists people who were erased brings them back",
    "idempotency": "what a phone is sending again just now may be done twice",
    "push": "devices register again for what is pushed",
    "report": "who reported something may report it once more",
    "signing": "links to pictures and uploads are asked for again",
    "token": "activation codes and SMS codes that wait are void: issue new ones",
}
KEPT = {sealed.purpose for sealed in SEALED}


@click.group()
def keys() -> None:
    """Keys of seals, handles, cursors and signatures, each purpose by itself.

    Every copy of the service needs the same file; restart the others after a change.
    """


@keys.command("list")
def list_() -> None:
    """Show which versions there are; never a key."""
    for purpose in PURPOSES:
        versions = ", ".join(map(str, sorted(core_keys.ring(purpose).keys)))
        click.echo(f"{purpose}: {versions}")


@keys.command()
@click.argument("purpose", type=click.Choice(PURPOSES))
def rotate(purpose: Purpose) -> None:
    """Give a PURPOSE a new key, and close with it what is sealed; earlier keys still open."""
    version = core_keys.rotate(purpose).current_version
    click.echo(f"{purpose} has key {version}")
    if purpose in ENDS:
        click.echo(f"from now on {ENDS[purpose]}")
    if purpose in KEPT:
        click.echo(f"sealed anew: {asyncio.run(_renewed(purpose))}")


@keys.command()
@click.argument("purpose", type=click.Choice(sorted(KEPT)))
def retire(purpose: Purpose) -> None:
    """Forget the earlier keys of a PURPOSE, once every copy of the service was restarted.

    Backups that were made before need their own key file, which is in them.
    """
    click.echo(f"sealed anew: {asyncio.run(_renewed(purpose))}")
    forgotten = core_keys.retire(purpose)
    click.echo(f"{purpose} has key {core_keys.ring(purpose).current_version}")
    click.echo(f"forgotten: {', '.join(map(str, forgotten)) or 'none'}")


async def _renewed(purpose: Purpose) -> int:
    async with connected():
        chosen = [sealed for sealed in SEALED if sealed.purpose == purpose]
        return sum([await resealing.renew(sealed) for sealed in chosen])
