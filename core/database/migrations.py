"""Migrations: one chain for both databases, applied whole or not at all, by one at a time."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from importlib import import_module, invalidate_caches
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

import aiosqlite
from tortoise.apps import Apps
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.context import TortoiseContext
from tortoise.migrations.executor import MigrationTarget
from tortoise.transactions import in_transaction

from core.database import catalog, db, states
from core.database.autodetector import Autodetector
from core.database.schema_editors import Executor

PACKAGE = "migrations"
ADVISORY_LOCK = 8_210_553_471  # any number, as long as it is always the same
PATIENCE = 600.0  # seconds to wait while another process migrates


class MigrationFailed(Exception):
    """Nothing of it was done."""


async def migrate(url: str, models: Sequence[str], package: str = PACKAGE) -> list[str]:
    """Brings the database up to date; which migrations that took. Raises MigrationFailed.

    The state before stays beside an SQLite database, in a file named `….before-migration`.
    """
    async with opened(url, models, package) as tortoise:
        if tortoise.db().capabilities.dialect == "sqlite":
            return await _migrate_sqlite(tortoise, package)
        return await _migrate_postgres(tortoise, package)


async def pending(url: str, models: Sequence[str], package: str = PACKAGE) -> list[str]:
    """The migrations that the database has not seen."""
    async with opened(url, models, package) as tortoise:
        return await _plan(_executor(tortoise.db(), package))


def known(package: str = PACKAGE) -> set[str]:
    """All migrations that there are."""
    return {module.name for module in iter_modules(import_module(package).__path__)}


async def changes(models: Sequence[str], package: str = PACKAGE) -> list[str]:
    """What the models say and the migrations do not, in words; nothing if they are complete."""
    async with opened("sqlite://:memory:", models, package) as tortoise:
        writers = await _autodetector(tortoise, package).changes()
        return [operation.describe() for writer in writers for operation in writer.operations]


async def write(models: Sequence[str], package: str = PACKAGE) -> list[str]:
    """Writes the migration that makes them complete; the paths of the new files."""
    async with opened("sqlite://:memory:", models, package) as tortoise:
        written = await _autodetector(tortoise, package).write()
    invalidate_caches()  # or what is new may not be found yet
    return written


async def _migrate_postgres(tortoise: TortoiseContext, package: str) -> list[str]:
    async with in_transaction() as transaction:
        await transaction.execute_script(f"SELECT pg_advisory_xact_lock({ADVISORY_LOCK})")
        # Behind a change that waits for a table, everybody who wants that table waits too.
        await transaction.execute_script("SET LOCAL lock_timeout = '5s'")
        return await apply(tortoise, transaction, package)


async def _migrate_sqlite(tortoise: TortoiseContext, package: str) -> list[str]:
    connection = tortoise.db()
    await connection.create_connection(with_db=True)
    async with _alone(connection.filename):  # type: ignore[attr-defined]  # our SQLite client
        if await _has_tables(connection) and await _plan(_executor(connection, package)):
            await connection.execute_query("VACUUM INTO ?", [_snapshot(connection.filename)])  # type: ignore[attr-defined]  # as above
        # Changing a table drops the old one; with foreign keys on, what refers to it would go too.
        await connection.execute_script("PRAGMA foreign_keys = OFF")
        async with in_transaction() as transaction:
            applied = await apply(tortoise, transaction, package)
            if orphans := await transaction.execute_query_dict("PRAGMA foreign_key_check"):
                raise MigrationFailed(f"rows would refer to nothing: {orphans[:5]}")
        return applied


async def apply(
    tortoise: TortoiseContext, transaction: BaseDBAsyncClient, package: str = PACKAGE
) -> list[str]:
    """Within a transaction, all that is missing. Raises MigrationFailed."""
    executor = await _recording(transaction, package)
    steps = await _plan(executor)
    if steps:
        with states.made_when_needed():
            await executor.migrate()
        if lacking := await catalog.missing(_apps(tortoise)["models"].values(), transaction):
            raise MigrationFailed(f"the database would lack: {'; '.join(lacking)}")
    return steps


async def begin_at(
    names: Sequence[str], transaction: BaseDBAsyncClient, package: str = PACKAGE
) -> None:
    """Gives an empty database the tables of an earlier day, when only these were there."""
    executor = await _recording(transaction, package)
    with states.made_when_needed():
        await executor.migrate([MigrationTarget("models", name) for name in names])


async def _plan(executor: Executor) -> list[str]:
    return [step.migration.name for step in await executor.plan()]


async def _has_tables(connection: BaseDBAsyncClient) -> bool:
    return bool(await connection.execute_query_dict("SELECT name FROM sqlite_master LIMIT 1"))


def _snapshot(database: str) -> str:
    path = Path(f"{database}.before-migration")
    path.unlink(missing_ok=True)
    return str(path)


@asynccontextmanager
async def _alone(database: str) -> AsyncIterator[None]:
    """Waits for a lock that ends with the process that holds it, however that ends."""
    async with aiosqlite.connect(f"{database}.lock", timeout=PATIENCE) as lock:
        await lock.execute("BEGIN EXCLUSIVE")
        yield


@asynccontextmanager
async def opened(
    url: str, models: Sequence[str], package: str = PACKAGE
) -> AsyncIterator[TortoiseContext]:
    """The database, for what may take its time."""
    config = db.config(url, models, package)
    _take_your_time(config["connections"]["default"]["credentials"])
    async with TortoiseContext() as tortoise:
        await tortoise.init(config)
        yield tortoise


def _take_your_time(credentials: dict[str, Any]) -> None:
    if "server_settings" in credentials:
        unlimited = dict.fromkeys(
            ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"), "0"
        )
        credentials["server_settings"] |= unlimited
        credentials["command_timeout"] = None


def _executor(connection: BaseDBAsyncClient, package: str) -> Executor:
    return Executor(connection, {"models": {"migrations": package}})


async def _recording(transaction: BaseDBAsyncClient, package: str) -> Executor:
    executor = _executor(transaction, package)
    await executor.recorder.ensure_schema(executor.editor())
    return executor


def _autodetector(tortoise: TortoiseContext, package: str) -> Autodetector:
    return Autodetector(_apps(tortoise), {"models": {"migrations": package}})


def _apps(tortoise: TortoiseContext) -> Apps:
    return tortoise.apps or Apps({}, tortoise.connections)  # empty only before it is opened
