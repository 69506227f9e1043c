"""Files that are whole or not there, whenever the power goes."""

import os
from contextlib import suppress
from pathlib import Path
from secrets import token_hex


def write(path: Path, content: bytes) -> None:
    """Put a file in place durably, readable by its owner alone; one of that name is replaced."""
    make_folder(path.parent)
    unfinished = path.with_name(f".{token_hex(8)}.part")
    try:
        _write_new(unfinished, content)
        unfinished.replace(path)
    except BaseException:
        with suppress(FileNotFoundError):
            unfinished.unlink()
        raise
    _sync_folder(path.parent)


def make_folder(folder: Path) -> None:
    """With those above it, each for its owner alone."""
    if not folder.is_dir():
        make_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
        _sync_folder(folder.parent)


def _write_new(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """A new name lasts only once its folder is on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
