"""Where media are kept: a folder, or an object store that copies of the service share."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING, NamedTuple, Protocol

from core import files, settings
from core.errors import Busy, NotFound
from core.settings import Settings
from core.text import Text

if TYPE_CHECKING:
    from obstore.store import S3Config, S3Store

NAME = re.compile(r"[0-9a-f]{32}\.[a-z0-9]{1,8}")
PATIENCE = timedelta(seconds=10)


class NotStored(NotFound):
    text = Text("This file does not exist.", "文件不存在。", "檔案不存在。")


class StorageUnavailable(Busy):
    text = Text(
        "Pictures cannot be reached just now. Please try again.",
        "暂时无法读取图片，请稍后再试。",
        "暫時無法讀取圖片，請稍後再試。",
    )


class Stored(NamedTuple):
    name: str
    size: int  # bytes
    stored_at: datetime


class Storage(Protocol):
    """Whole files under names that say nothing; NotStored for any other name."""

    async def put(self, name: str, content: bytes) -> None: ...

    async def get(self, name: str) -> bytes: ...

    async def exists(self, name: str) -> bool: ...

    async def delete(self, name: str) -> None:
        """Forget a file; one that is not there is as good as forgotten."""

    def everything(self) -> AsyncIterator[Stored]: ...


def new_name(suffix: str) -> str:
    return token_hex(16) + suffix


@cache
def current() -> Storage:
    chosen = settings.current()
    if chosen.storage.startswith("s3://"):
        return ObjectStorage(_bucket(chosen))
    return FolderStorage(Path(chosen.storage) if chosen.storage else chosen.home / "media")


def _sharded(name: str) -> str:
    """Under one of 256 folders; a name that was never given out leads nowhere."""
    if not NAME.fullmatch(name):
        raise NotStored
    return f"{name[:2]}/{name}"


class FolderStorage:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def put(self, name: str, content: bytes) -> None:
        await asyncio.to_thread(files.write, self._path(name), content)

    async def get(self, name: str) -> bytes:
        try:
            return await asyncio.to_thread(self._path(name).read_bytes)
        except FileNotFoundError:
            raise NotStored from None

    async def exists(self, name: str) -> bool:
        return bool(NAME.fullmatch(name)) and await asyncio.to_thread(self._path(name).exists)

    async def delete(self, name: str) -> None:
        await asyncio.to_thread(self._path(name).unlink, missing_ok=True)

    async def everything(self) -> AsyncIterator[Stored]:
        for path in await asyncio.to_thread(sorted, self.folder.glob("??/*")):
            if NAME.fullmatch(path.name):  # others are writes that never ended
                known = await asyncio.to_thread(path.stat)
                at = datetime.fromtimestamp(known.st_mtime, UTC)
                yield Stored(path.name, known.st_size, at)

    def _path(self, name: str) -> Path:
        return self.folder / _sharded(name)


class ObjectStorage:
    """Anything that speaks S3."""

    def __init__(self, store: "S3Store") -> None:
        self.store = store

    async def put(self, name: str, content: bytes) -> None:
        with _reached():
            await self.store.put_async(_sharded(name), content)

    async def get(self, name: str) -> bytes:
        with _reached():
            found = await self.store.get_async(_sharded(name))
            return bytes(await found.bytes_async())

    async def exists(self, name: str) -> bool:
        try:
            with _reached():
                await self.store.head_async(_sharded(name))
        except NotStored:
            return False
        return True

    async def delete(self, name: str) -> None:
        with _reached():
            await self.store.delete_async(_sharded(name))

    async def everything(self) -> AsyncIterator[Stored]:
        with _reached():
            async for page in self.store.list():
                for found in page:
                    name = found["path"].rpartition("/")[2]
                    yield Stored(name, found["size"], found["last_modified"])


def _bucket(chosen: Settings) -> "S3Store":
    from obstore.store import S3Store  # noqa: PLC0415  # the extra "s3"

    return S3Store.from_url(
        chosen.storage,
        config=_account(chosen),
        client_options={
            "allow_http": chosen.storage_endpoint.startswith("http://"),
            "timeout": PATIENCE,
        },
        retry_config={"max_retries": 2, "retry_timeout": PATIENCE},
    )


def _account(chosen: Settings) -> "S3Config":
    """What is not set is found where the host keeps it: AWS_… variables, the role of a machine."""
    account: S3Config = {"region": chosen.storage_region}
    if chosen.storage_endpoint:
        account["endpoint"] = chosen.storage_endpoint
    if chosen.storage_key:
        account["access_key_id"] = chosen.storage_key
        account["secret_access_key"] = chosen.storage_secret.get_secret_value()
    return account


@contextmanager
def _reached() -> Iterator[None]:
    from obstore.exceptions import GenericError  # noqa: PLC0415  # the extra "s3"

    try:
        yield
    except FileNotFoundError:
        raise NotStored from None
    except GenericError as fault:
        raise StorageUnavailable from fault
