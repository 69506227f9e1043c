"""The keys of this installation: random, versioned, in a file of their own outside the database."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from secrets import token_bytes
from typing import Literal, get_args

from core import files, settings

Purpose = Literal[
    "audit",  # the chain of the audit trail
    "candidate",  # who applies for a job
    "care",  # what counsellors and sealed authors write to each other
    "contact",  # recognising a candidate's phone
    "cursor",  # positions in lists
    "erasure",  # recognising the employee number of who was erased
    "export",  # what people fetch of their own
    "handle",  # comparing who wrote unseen
    "idempotency",  # recognising a retry
    "notice",  # what people are told
    "push",  # who sends to their devices
    "report",  # recognising a reporter
    "pulse",  # how people said they are
    "seal",  # the hidden author
    "shop",  # voucher codes, and where prizes are sent to
    "signing",  # short-lived links
    "token",  # sign-ins and codes
    "webhook",  # what suppliers are told
]
PURPOSES: tuple[Purpose, ...] = get_args(Purpose)


class BadKeyFile(Exception):
    """Nothing is repaired here: new keys would make everything sealed unreadable."""


@dataclass(frozen=True)
class Ring:
    """The keys of one purpose, by version; new things take the current one."""

    purpose: Purpose
    keys: dict[int, bytes] = field(repr=False)

    @property
    def current_version(self) -> int:
        return max(self.keys)

    def key(self, version: int | None = None) -> bytes:
        """256 bits; of the current version unless said. KeyError if there is no such version."""
        wanted = self.current_version if version is None else version
        if wanted in self.keys:
            return self.keys[wanted]
        forget()  # another process may have added it
        return ring(self.purpose).keys[wanted]


Rings = dict[Purpose, Ring]


def ring(purpose: Purpose) -> Ring:
    return _rings(path())[purpose]


def secret(purpose: Purpose) -> bytes:
    return ring(purpose).key()


def path() -> Path:
    chosen = settings.current()
    return _path(chosen.keys, chosen.home)


def rotate(purpose: Purpose) -> Ring:
    """Give a purpose a further key; the earlier ones still open what they closed.

    Other processes learn of it when they meet it, and use it when they start anew.
    """
    with _alone(path()):
        rings = _fresh() | _read(path())
        old = rings[purpose]
        rings[purpose] = Ring(purpose, old.keys | {old.current_version + 1: token_bytes(32)})
        _write(path(), rings)
    forget()
    return ring(purpose)


def retire(purpose: Purpose) -> list[int]:
    """Forget all but the current key; which versions those were. What they closed is lost."""
    with _alone(path()):
        rings = _fresh() | _read(path())
        old = rings[purpose]
        rings[purpose] = Ring(purpose, {old.current_version: old.key()})
        _write(path(), rings)
    forget()
    return sorted(old.keys.keys() - {old.current_version})


def content() -> bytes:
    """The whole file, for a backup. Raises BadKeyFile."""
    if not _read(path()):
        raise BadKeyFile(f"there is no key file at {path()}; restore it from the backup")
    return path().read_bytes()


def replace(content: bytes) -> None:
    """Put the file of a backup in place; the one that was there stays beside it."""
    with _alone(path()):
        if path().exists() and path().read_bytes() != content:
            files.write(path().with_name(f"{path().name}.before-restore"), path().read_bytes())
        files.write(path(), content)
    forget()


@cache
def _path(chosen: str, home: Path) -> Path:
    return Path(chosen) if chosen else home / "keys.json"


def forget() -> None:
    """Read the file again: it was restored, or another one is meant."""
    _rings.cache_clear()


@cache
def _rings(path: Path) -> Rings:
    """What the file holds; made, or completed after an upgrade, by the first to come."""
    rings = _read(path)
    if rings.keys() >= set(PURPOSES):
        return rings
    with _alone(path):
        rings = _fresh() | _read(path)
        _write(path, rings)
    return rings


def _fresh() -> Rings:
    return {purpose: Ring(purpose, {1: token_bytes(32)}) for purpose in PURPOSES}


def _read(path: Path) -> Rings:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return {}
    return parsed(content, path)


def parsed(content: bytes, origin: object) -> Rings:
    """Raises BadKeyFile."""
    try:
        rings = json.loads(content)
        return {purpose: _ring(purpose, versions) for purpose, versions in rings.items()}
    except (ValueError, TypeError, AttributeError):
        # without a cause: it would carry key material into logs
        raise BadKeyFile(f"{origin} is not a key file; restore it from the backup") from None


def _ring(purpose: Purpose, versions: dict[str, str]) -> Ring:
    keys = {int(version): bytes.fromhex(key) for version, key in versions.items()}
    if not keys or any(len(key) != 32 for key in keys.values()):  # noqa: PLR2004  # 256 bits
        raise ValueError(purpose)
    return Ring(purpose, keys)


def _write(path: Path, rings: Rings) -> None:
    content = {
        ring.purpose: {str(version): key.hex() for version, key in ring.keys.items()}
        for ring in rings.values()
    }
    files.write(path, json.dumps(content, indent=2).encode())


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """One process at a time: the folder itself is the lock, so no lock file is left behind."""
    files.make_folder(path.parent)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)
