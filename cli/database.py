"""The database, for the time of a command."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import click
from tortoise.exceptions import OperationalError

from api import logs
from api.composition import MODELS
from core import settings, transactions
from core.database import db


@asynccontextmanager
async def connected() -> AsyncIterator[None]:
    """What is written within is committed before it ends; logs go to stderr meanwhile."""
    chosen = settings.current()
    logs.configure(development=chosen.development)
    try:
        await db.connect(chosen.database_url, MODELS)
        yield
    except OperationalError as error:
        raise click.ClickException(f"{error}. Has `breakroom migrate` been run?") from error
    finally:
        await transactions.drain()
        await db.disconnect()
