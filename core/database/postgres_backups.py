"""PostgreSQL in backups: rows in the server's own text, read at one moment, put back in one go.

What a server writes, later ones read; nothing but a connection is needed on either side.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from graphlib import TopologicalSorter
from typing import Any, ClassVar

from tortoise.backends.base.client import TransactionalDBClient
from tortoise.context import TortoiseContext
from tortoise.transactions import in_transaction

from core.database import migrations
from core.database.archives import Advance, Archive, BadArchive, Kind, Writer

MEMBERS = "database/{}.tsv"


class Snapshot:
    """What a transaction sees."""

    def __init__(self, transaction: TransactionalDBClient) -> None:
        self.transaction = transaction

    async def query(self, sql: str) -> list[Any]:
        async with self.transaction.acquire_connection() as connection:
            return [tuple(row) for row in await connection.fetch(sql)]

    async def tables(self) -> list[str]:
        """Each after those that its rows refer to."""
        referred: dict[str, set[str]] = {name: set() for (name,) in await self.query(_TABLES)}
        for table, other in await self.query(_REFERENCES):
            if table in referred and table != other:
                referred[table].add(other)
        return [*TopologicalSorter(referred).static_order()]

    async def pour(self, archive: Writer, advance: Advance) -> dict[str, int]:
        rows, tables = {}, await self.tables()
        async with self.transaction.acquire_connection() as connection:
            for done, table in enumerate(tables, 1):
                with archive.member(MEMBERS.format(table)) as member:
                    copied = await connection.copy_from_table(table, output=member, header=True)
                rows[table] = _count(copied)
                advance("writing the database", done, len(tables))
        return rows

    async def fill(self, archive: Archive, advance: Advance) -> None:
        rows = archive.manifest.rows
        for done, (table, count) in enumerate(rows.items(), 1):
            if await self._fill(table, archive) != count:
                raise BadArchive(f"it should have {count} rows of {table}")
            advance("writing the database", done, len(rows))

    async def _fill(self, table: str, archive: Archive) -> int:
        with archive.open(MEMBERS.format(table)) as member:
            columns = member.readline().decode().rstrip("\n").split("\t")
            async with self.transaction.acquire_connection() as connection:
                return _count(await connection.copy_to_table(table, source=member, columns=columns))


@dataclass
class Database:
    url: str
    models: Sequence[str]
    package: str
    kind: ClassVar[Kind] = "postgres"

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[Snapshot]:
        """The database as it is now; it may be written to in the meantime."""
        async with self._seen() as now:
            await now.transaction.execute_script(_STAND_STILL)
            yield now

    async def is_in_use(self) -> bool:
        async with self._seen() as now:
            return bool(await now.query(_OTHERS))

    async def filled(self) -> list[str]:
        """The tables that hold rows."""
        async with self._seen() as now:
            return [
                table for table in sorted(await now.tables()) if await now.query(_ANY.format(table))
            ]

    @asynccontextmanager
    async def restored(self, archive: Archive, advance: Advance) -> AsyncIterator[list[str]]:
        """Prepares the archive's database, up to date; commits it when the block ends well.

        Yields the migrations that it took.
        """
        async with self._begun() as (tortoise, transaction):
            await transaction.execute_script(_LOCK)
            for (table,) in await Snapshot(transaction).query(_EVERYTHING):
                await transaction.execute_script(f'DROP TABLE "{table}" CASCADE')
            await migrations.begin_at(archive.manifest.migrations, transaction, self.package)
            await Snapshot(transaction).fill(archive, advance)
            yield await migrations.apply(tortoise, transaction, self.package)

    @asynccontextmanager
    async def _seen(self) -> AsyncIterator[Snapshot]:
        async with self._begun() as (_, transaction):
            yield Snapshot(transaction)

    @asynccontextmanager
    async def _begun(self) -> AsyncIterator[tuple[TortoiseContext, TransactionalDBClient]]:
        async with (
            migrations.opened(self.url, self.models, self.package) as tortoise,
            in_transaction() as transaction,
        ):
            yield tortoise, transaction


def _count(copied: str) -> int:
    return int(copied.removeprefix("COPY "))


# The first query decides which moment it is.
_STAND_STILL = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY; SELECT 1"
_EVERYTHING = """
    SELECT relname FROM pg_class
    WHERE relkind IN ('r', 'p') AND relnamespace = current_schema()::regnamespace
    ORDER BY relname
"""
_TABLES = _EVERYTHING.replace("WHERE", "WHERE relname <> 'tortoise_migrations' AND")
_REFERENCES = """
    SELECT referring.relname, referred.relname FROM pg_constraint
    JOIN pg_class AS referring ON referring.oid = conrelid
    JOIN pg_class AS referred ON referred.oid = confrelid
    WHERE contype = 'f' AND connamespace = current_schema()::regnamespace
"""
_OTHERS = """
    SELECT pid FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'breakroom'
      AND pid <> pg_backend_pid()
"""
_ANY = 'SELECT 1 FROM "{}" LIMIT 1'
_LOCK = f"SELECT pg_advisory_xact_lock({migrations.ADVISORY_LOCK})"
