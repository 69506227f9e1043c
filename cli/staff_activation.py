"""`breakroom staff activation`: letters for those who cannot get in yet."""

import asyncio
import csv
import os
from collections.abc import Sequence
from datetime import date
from itertools import islice
from pathlib import Path
from typing import TextIO

import click
from tortoise.exceptions import OperationalError

from api.composition import MODELS
from core import clock, settings, transactions
from core.database import db
from core.identity import activation_codes
from core.people import Person
from core.sheets import cells

HEADERS = ("number / 工号", "name / 姓名", "activation code / 激活码", "good until / 有效期至")
AT_ONCE = 500
FILE = click.Path(exists=False, dir_okay=False, writable=True, path_type=Path)


@click.command()
@click.argument("file", type=FILE)
@click.option(
    "--again", is_flag=True, help="Also where an earlier code was not used; that one ends."
)
def activation(file: Path, *, again: bool) -> None:
    """Write an activation code for each employee who has neither password nor code to FILE.

    A CSV to print letters from, readable by its owner alone. The codes are stored nowhere else.
    """
    try:
        with _private(file) as letters:
            count = asyncio.run(_issued(letters, again=again))
    except FileExistsError:
        raise click.ClickException(
            f"{file} is there already; codes in it may still be needed"
        ) from None
    except OperationalError as error:
        raise click.ClickException(f"{error}. Has `breakroom migrate` been run?") from error
    click.echo(f"{count} letters in {file}")


def _private(file: Path) -> TextIO:
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    return os.fdopen(descriptor, "w", encoding="utf-8-sig", newline="")


async def _issued(letters: TextIO, *, again: bool) -> int:
    table = csv.writer(letters)
    table.writerow(HEADERS)
    await db.connect(settings.current().database_url, MODELS)
    try:
        waiting = iter(people := await activation_codes.waiting(again=again))
        while batch := list(islice(waiting, AT_ONCE)):
            table.writerows(await _letters(batch))
            letters.flush()
        return len(people)
    finally:
        await transactions.drain()
        await db.disconnect()


async def _letters(people: Sequence[Person]) -> list[list[str]]:
    codes = await activation_codes.issue_all(people)
    until = _last_day().isoformat()
    return [
        [cells.harmless(person.number), cells.harmless(person.name), code, until]
        for person, code in zip(people, codes, strict=True)
    ]


def _last_day() -> date:
    return clock.business_date(clock.now() + activation_codes.LASTS)
