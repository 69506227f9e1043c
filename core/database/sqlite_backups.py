"""SQLite in backups: a copy made while others write, put back in place of the whole file."""

import sqlite3
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryDirectory
from typing import Any, ClassVar

from core import files, settings
from core.database import db, migrations
from core.database.archives import Advance, Archive, Kind, Writer

MEMBER = "database.sqlite3"
BUSY = 5.0  # seconds to wait for locks of others


class Snapshot:
    def __init__(self, path: Path) -> None:
        self.path = path

    async def query(self, sql: str) -> list[Any]:
        with closing(sqlite3.connect(self.path)) as connection:
            return connection.execute(sql).fetchall()

    async def tables(self) -> list[str]:
        return [name for (name,) in await self.query(_TABLES)]

    async def pour(self, archive: Writer, advance: Advance) -> dict[str, int]:
        with self.path.open("rb") as source, archive.member(MEMBER) as member:
            copyfileobj(source, member)
        advance("writing the database", 1, 1)
        return {table: await self._count(table) for table in await self.tables()}

    async def _count(self, table: str) -> int:
        [[count]] = await self.query(f'SELECT COUNT(*) FROM "{table}"')
        return int(count)


@dataclass
class Database:
    url: str
    models: Sequence[str]
    package: str
    kind: ClassVar[Kind] = "sqlite"

    @property
    def path(self) -> Path:
        return Path(db.connection(self.url)["credentials"]["file_path"])

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[Snapshot]:
        """The database as it is now; it may be written to in the meantime."""
        with _private_folder(settings.current().home) as folder:
            copy = folder / MEMBER
            with closing(_opened(self.path)) as connection:
                connection.execute("VACUUM INTO ?", [str(copy)])
            yield Snapshot(copy)

    async def is_in_use(self) -> bool:
        if not self.path.exists():
            return False
        try:
            with closing(_opened(self.path, timeout=0)) as connection:
                connection.execute("PRAGMA locking_mode = EXCLUSIVE")
                connection.execute("SELECT 1 FROM sqlite_master")
        except sqlite3.DatabaseError as failure:
            return "locked" in str(failure)
        return False

    async def filled(self) -> list[str]:
        """The tables that hold rows; of a damaged database its own name."""
        if not self.path.exists():
            return []
        here = Snapshot(self.path)
        try:
            tables = await here.tables()
            return [table for table in tables if await here.query(_ANY.format(table))]
        except sqlite3.DatabaseError:
            return [self.path.name]

    @asynccontextmanager
    async def restored(self, archive: Archive, advance: Advance) -> AsyncIterator[list[str]]:
        """Prepares the archive's database, up to date; puts it in place when the block ends well.

        Yields the migrations that it took.
        """
        with _private_folder(self.path.parent) as folder:
            staged = folder / MEMBER
            with archive.open(MEMBER) as member, files.written(staged) as file:
                copyfileobj(member, file)
            yield await migrations.migrate(f"sqlite://{staged}", self.models, self.package)
            _fold_log(staged)
            _set_aside(self.path)
            files.move(staged, self.path)
        advance("writing the database", 1, 1)


def _fold_log(path: Path) -> None:
    """Makes the database one file; not possible while anybody has it open."""
    with closing(_opened(path)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")


def _set_aside(path: Path) -> None:
    """Together with its log, which would be read into a database of the same name."""
    for part in ("", "-wal", "-shm"):
        kept = Path(f"{path}.before-restore{part}")
        kept.unlink(missing_ok=True)
        if (old := Path(f"{path}{part}")).exists():
            old.rename(kept)


def _opened(path: Path, *, timeout: float = BUSY) -> sqlite3.Connection:
    """Never makes a new one."""
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=rw", uri=True, timeout=timeout)


@contextmanager
def _private_folder(beside: Path) -> Iterator[Path]:
    files.make_folder(beside)
    with TemporaryDirectory(dir=beside, prefix=".backup-") as folder:
        yield Path(folder)


_TABLES = """
    SELECT name FROM pragma_table_list
    WHERE schema = 'main' AND type IN ('table', 'virtual')
    AND name NOT LIKE 'sqlite~_%' ESCAPE '~' AND name <> 'tortoise_migrations'
    ORDER BY name
"""
_ANY = 'SELECT 1 FROM "{}" LIMIT 1'
