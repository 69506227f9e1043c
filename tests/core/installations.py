"""Installations beside that of the test run: homes, databases, and what is in them."""
# ruff: noqa: SLF001  # tables are known to Tortoise's private parts only

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

from tortoise import Tortoise
from tortoise.context import TortoiseContext

from api.composition import MODELS
from core.database import backups, db
from core.database.archives import Manifest
from core.database.backups import Database, Restored
from core.media import storage
from tests.core.makers import chosen


@contextmanager
def at(home: Path, **given: str) -> Iterator[None]:
    """Keys and media are there, within this block."""
    with chosen(home=str(home), **given):
        storage.current.cache_clear()
        yield
    storage.current.cache_clear()


@asynccontextmanager
async def on(url: str, models: list[str] = MODELS) -> AsyncIterator[None]:
    """Rows are those of this database, within this block."""
    async with TortoiseContext() as tortoise:
        await tortoise.init(db.config(url, models))
        yield


async def rows() -> dict[str, list[dict[str, Any]]]:
    """All there are, by table."""
    models = Tortoise.apps["models"].values()
    return {m._meta.db_table: sorted(await m.all().values(), key=repr) for m in models}


async def backed_up(database: Database, file: Path) -> Manifest:
    with file.open("wb") as target:
        return await backups.make(target, database, quietly)


async def restored(file: Path, database: Database, *, force: bool = False) -> Restored:
    with file.open("rb") as source:
        return await backups.restore(source, database, quietly, force=force)


def quietly(what: str, done: int, total: int) -> None:
    assert 0 < done <= total
