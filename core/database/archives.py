"""Archives: one file that holds an installation, and says what it must hold."""

import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import IO, BinaryIO, Literal, Self
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from pydantic import AwareDatetime, BaseModel, ValidationError

from core import clock

MANIFEST = "manifest.json"
CHUNK = 2**20  # bytes

Kind = Literal["sqlite", "postgres"]

#: What is under way, how much of it is done, of how much.
Advance = Callable[[str, int, int], None]


class BadArchive(Exception):
    """It is no backup, or not a whole one."""


class Manifest(BaseModel):
    format: Literal["breakroom-backup-1"] = "breakroom-backup-1"
    version: str  # of Breakroom
    made_at: AwareDatetime
    database: Kind
    migrations: list[str]
    rows: dict[str, int]  # by table, in an order in which they can go back
    lost: list[str]  # media that the storage did not have
    members: dict[str, str]  # SHA-256 by name


class Writer:
    """Fills an archive; the manifest comes last, so what has none is not whole."""

    def __init__(self, file: BinaryIO) -> None:
        self._zip = ZipFile(file, "w")
        self.members: dict[str, str] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    @contextmanager
    def member(self, name: str, *, compressed: bool = True) -> Iterator["Hashed"]:
        info = ZipInfo(name, clock.now().timetuple()[:6])
        info.compress_type = ZIP_DEFLATED if compressed else ZIP_STORED
        info.external_attr = 0o600 << 16
        with self._zip.open(info, "w", force_zip64=True) as target:
            hashed = Hashed(target)
            yield hashed
        self.members[name] = hashed.digest.hexdigest()

    def put(self, name: str, content: bytes, *, compressed: bool = True) -> None:
        with self.member(name, compressed=compressed) as member:
            member.write(content)

    def finish(self, manifest: Manifest) -> None:
        self.put(MANIFEST, manifest.model_dump_json(indent=1).encode())


class Hashed:
    def __init__(self, target: IO[bytes]) -> None:
        self.target = target
        self.digest = sha256()

    def write(self, content: bytes) -> int:
        self.digest.update(content)
        return self.target.write(content)


class Archive:
    """An archive to read; raises BadArchive if it cannot be one."""

    def __init__(self, file: BinaryIO) -> None:
        with _readable():
            self._zip = ZipFile(file)
            self.manifest = Manifest.model_validate_json(self._zip.read(MANIFEST))

    def open(self, name: str) -> IO[bytes]:
        with _readable():
            return self._zip.open(name)

    def read(self, name: str) -> bytes:
        with _readable():
            return self._zip.read(name)

    def verify(self, advance: Advance) -> None:
        """Raises BadArchive unless all is here as it was put in, and nothing else."""
        names = [*self.manifest.members, MANIFEST]
        if sorted(self._zip.namelist()) != sorted(names):
            raise BadArchive("it does not hold what its manifest lists")
        for done, (name, digest) in enumerate(self.manifest.members.items(), 1):
            if self._digest(name) != digest:
                raise BadArchive(f"{name} is not what was put in")
            advance("checking the archive", done, len(self.manifest.members))

    def _digest(self, name: str) -> str:
        digest = sha256()
        with _readable(), self.open(name) as member:
            while chunk := member.read(CHUNK):
                digest.update(chunk)
        return digest.hexdigest()


@contextmanager
def _readable() -> Iterator[None]:
    try:
        yield
    except ValidationError:
        raise BadArchive("its manifest is not one that this version can read") from None
    except (BadZipFile, zlib.error, EOFError, KeyError, NotImplementedError, RuntimeError) as fault:
        raise BadArchive(f"it is no backup, or a damaged one ({fault})") from None
