"""Files that are whole or not there, whenever the power goes."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from typing import BinaryIO


def write(path: Path, content: bytes) -> None:
    """Put a file in place durably, readable by its owner alone; one of that name is replaced."""
    with written(path) as file:
        file.write(content)


@contextmanager
def written(path: Path) -> Iterator[BinaryIO]:
    """A file to fill; it takes its place, as by `write`, when the block ends well."""
    make_folder(path.parent)
    unfinished = path.with_name(f".{token_hex(8)}.part")
    try:
        with _opened_new(unfinished) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        move(unfinished, path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise


def move(path: Path, to: Path) -> None:
    """Durably, within one disk; what was there is replaced."""
    path.replace(to)
    _sync_folder(to.parent)


def make_folder(folder: Path) -> None:
    """With those above it, each for its owner alone."""
    if not folder.is_dir():
        make_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
        _sync_folder(folder.parent)


def _opened_new(path: Path) -> BinaryIO:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _sync_folder(folder: Path) -> None:
    """A new name lasts only once its folder is on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
