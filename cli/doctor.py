"""`breakroom doctor`: whether all is there that Breakroom needs, and what mends what is not."""

import asyncio
import re
from collections.abc import Iterator, Mapping
from urllib.parse import unquote

import click

from cli.checks import Check, Wrong, database, host, services
from core import settings
from core.database import db
from core.settings import BadSettings

PATIENCE = 15  # seconds for one check
SHORTEST = 4  # letters of a secret; shorter ones are found in every other word
PASSWORD = re.compile("//[^:/@]*:(.+)@|[?&]password=([^&]+)")  # also where a URL is not one


@click.command()
def doctor() -> None:
    """Tell what is wrong here, and what mends it.

    Exits with 1 if anything is.
    """
    if not asyncio.run(_examined()):
        raise click.exceptions.Exit(1)


async def _examined() -> bool:
    """Nothing is looked at that stands on what is wrong already."""
    if not await _well("settings", host.valid):
        return False
    try:
        well = await _all_well(host.CHECKS)
        reached = await _well("database", database.answers)
        well &= reached and await _all_well(database.CHECKS)
        return await _all_well(services.CHECKS) and well
    finally:
        await db.disconnect()


async def _all_well(checks: Mapping[str, Check]) -> bool:
    return all([await _well(name, check) for name, check in checks.items()])


async def _well(name: str, check: Check) -> bool:
    try:
        async with asyncio.timeout(PATIENCE):
            _say("✓", name, await check())
    except TimeoutError:
        _say("✗", name, f"no answer within {PATIENCE} s", "look at what it connects to")
    except Wrong as wrong:
        _say("✗", name, str(wrong), wrong.mend)
    except Exception as failure:  # noqa: BLE001  # the other checks are still to come
        _say("✗", name, f"could not be looked at: {failure!r}", "tell us, this should not happen")
    else:
        return True
    return False


def _say(mark: str, name: str, what: str, mend: str = "") -> None:
    click.echo(f"{mark} {name:<12} {_discreet(what)}")
    if mend:
        click.echo(f"  {'':<12} → {mend}")


def _discreet(words: str) -> str:
    """Whatever a library says, no secret of ours is in it."""
    for secret in _secrets():
        words = words.replace(secret, "…")
    return words


def _secrets() -> Iterator[str]:
    try:
        chosen = settings.current()
    except BadSettings:  # which says no values
        return
    urls = f"{chosen.database}\n{chosen.redis}"
    passwords = [either or other for either, other in PASSWORD.findall(urls)]
    kept = [chosen.storage_secret, chosen.metrics_token]
    secrets = [*passwords, *(s.get_secret_value() for s in kept), *chosen.sms_headers.values()]
    yield from (each for each in [*secrets, *map(unquote, secrets)] if len(each) >= SHORTEST)
