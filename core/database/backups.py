"""Backups: database, media and keys in one file, from which everything can be made again."""

import asyncio
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, BinaryIO, NamedTuple, Protocol

from core import clock, version
from core.crypto import keys
from core.database import db, migrations, postgres_backups, sqlite_backups
from core.database.archives import Advance, Archive, Kind, Manifest, Writer
from core.media import storage
from core.media.storage import NotStored

KEYS = "keys.json"
MEDIA = "media/"
HOLDERS = {"image", "upload"}  # the tables whose rows name media
AT_ONCE = 16  # media on their way

NAMES = {"sqlite": "SQLite", "postgres": "PostgreSQL"}


class NotRestored(Exception):
    """Why; nothing was touched."""


class NotEmpty(NotRestored):
    """Somebody lives there already; only by force are they replaced."""


class Snapshot(Protocol):
    """A database at one moment."""

    async def query(self, sql: str) -> list[Any]: ...

    async def tables(self) -> list[str]: ...

    async def pour(self, archive: Writer, advance: Advance) -> dict[str, int]:
        """Writes all of it; how many rows of each table."""


class Database(Protocol):
    """What is backed up, or restored into."""

    package: str

    @property
    def kind(self) -> Kind: ...

    def snapshot(self) -> AbstractAsyncContextManager[Snapshot]: ...

    async def is_in_use(self) -> bool: ...

    async def filled(self) -> list[str]: ...

    def restored(
        self, archive: Archive, advance: Advance
    ) -> AbstractAsyncContextManager[list[str]]: ...


class Restored(NamedTuple):
    manifest: Manifest
    migrations: list[str]  # newer than the backup


def database(url: str, models: Sequence[str], package: str = migrations.PACKAGE) -> Database:
    if db.connection(url)["engine"] == "core.database.sqlite":
        return sqlite_backups.Database(url, models, package)
    return postgres_backups.Database(url, models, package)


async def make(file: BinaryIO, of: Database, advance: Advance) -> Manifest:
    """Writes an archive while the service goes on. Raises BadKeyFile."""
    keys.content()  # without which the rest is worth little: better to know it now
    with Writer(file) as archive:
        stored = [found.name async for found in storage.current().everything()]
        await _add_media(stored, archive, advance)
        async with of.snapshot() as snapshot:
            manifest = await _fill(archive, snapshot, advance, kind=of.kind)
        archive.finish(manifest)
    return manifest


async def restore(
    file: BinaryIO, into: Database, advance: Advance, *, force: bool = False
) -> Restored:
    """Makes everything again as it was. Raises BadArchive, BadKeyFile, NotRestored.

    It is checked first, the media are added, and only when the new database stands
    ready do the keys and the database change places with what was there.
    """
    archive = Archive(file)
    await _check(archive, into, advance)
    if not force:
        await _refuse_to_replace(archive, into)
    await _put_media(archive, advance)
    async with into.restored(archive, advance) as applied:
        keys.replace(archive.read(KEYS))
    return Restored(archive.manifest, applied)


async def _fill(archive: Writer, snapshot: Snapshot, advance: Advance, *, kind: Kind) -> Manifest:
    """With the database, the media that came while others were copied, and last the keys."""
    late = await _named(snapshot) - {name.removeprefix(MEDIA) for name in archive.members}
    lost = await _add_media(sorted(late), archive, advance)
    rows = await snapshot.pour(archive, advance)
    archive.put(KEYS, keys.content())
    return Manifest(
        version=version.current(),
        made_at=clock.now(),
        database=kind,
        migrations=[name for (name,) in await snapshot.query(_APPLIED)],
        rows=rows,
        lost=lost,
        members=archive.members,
    )


async def _add_media(names: Sequence[str], archive: Writer, advance: Advance) -> list[str]:
    """Those that the storage does not have."""
    lost = []
    for start in range(0, len(names), AT_ONCE):
        batch = names[start : start + AT_ONCE]
        contents = await asyncio.gather(*map(_fetched, batch))
        for name, content in zip(batch, contents, strict=True):
            if content is None:
                lost.append(name)
            else:
                archive.put(MEDIA + name, content, compressed=False)
        advance("copying media", start + len(batch), len(names))
    return lost


async def _fetched(name: str) -> bytes | None:
    try:
        return await storage.current().get(name)
    except NotStored:
        return None


async def _named(snapshot: Snapshot) -> set[str]:
    """The media that rows name."""
    holders = HOLDERS.intersection(await snapshot.tables())
    rows = [row for holder in holders for row in await snapshot.query(_NAMED.format(holder))]
    return {name for row in rows for name in row if name}


async def _check(archive: Archive, into: Database, advance: Advance) -> None:
    manifest = archive.manifest
    if manifest.database != into.kind:
        kinds = f"{NAMES[manifest.database]}, and the database here is {NAMES[into.kind]}"
        raise NotRestored(f"this is a backup of {kinds}")
    if not migrations.known(into.package).issuperset(manifest.migrations):
        raise NotRestored(f"Breakroom {manifest.version} made this backup; update this one first")
    archive.verify(advance)
    keys.parsed(archive.read(KEYS), f"{KEYS} in the backup")
    if await into.is_in_use():
        raise NotRestored("Breakroom is running on this database; stop it first")


async def _refuse_to_replace(archive: Archive, into: Database) -> None:
    if filled := await into.filled():
        raise NotEmpty(f"the database holds something already: {', '.join(filled)}")
    if keys.path().exists() and keys.path().read_bytes() != archive.read(KEYS):
        raise NotEmpty(f"there are other keys already: {keys.path()}")


async def _put_media(archive: Archive, advance: Advance) -> None:
    names = [name for name in archive.manifest.members if name.startswith(MEDIA)]
    for start in range(0, len(names), AT_ONCE):
        batch = names[start : start + AT_ONCE]
        await asyncio.gather(*(_put(name, archive.read(name)) for name in batch))
        advance("putting media back", start + len(batch), len(names))


async def _put(name: str, content: bytes) -> None:
    await storage.current().put(name.removeprefix(MEDIA), content)


_APPLIED = "SELECT name FROM tortoise_migrations ORDER BY id"
_NAMED = "SELECT full_name, thumb_name FROM {}"
