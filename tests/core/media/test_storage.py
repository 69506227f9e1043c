import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from moto.server import ThreadedMotoServer

from core import files, settings
from core.media import storage
from core.media.storage import FolderStorage, NotStored, ObjectStorage, Storage, StorageUnavailable

ACCOUNT = {"storage_key": "the key", "storage_secret": "not to be seen"}


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    server = ThreadedMotoServer(port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def configured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def configure(**given: str) -> Storage:
        for name, value in given.items():
            monkeypatch.setenv(f"BREAKROOM_{name.upper()}", value)
        forget()
        return storage.current()

    yield configure
    monkeypatch.undo()
    forget()


def forget():
    settings.current.cache_clear()
    storage.current.cache_clear()


@pytest.fixture(params=["folder", "s3"])
async def stored(
    request: pytest.FixtureRequest, configured, tmp_path: Path
) -> AsyncIterator[Storage]:
    if request.param == "folder":
        yield configured(storage=str(tmp_path / "media"))
        return
    endpoint = request.getfixturevalue("s3")
    async with httpx.AsyncClient(trust_env=False) as http:
        (await http.put(f"{endpoint}/break-room")).raise_for_status()
        yield configured(
            storage="s3://break-room/media",
            storage_endpoint=endpoint,
            **ACCOUNT,
        )
        (await http.post(f"{endpoint}/moto-api/reset")).raise_for_status()


def a_name() -> str:
    return storage.new_name(".webp")


async def test_what_is_put_comes_back(stored):
    name, content = a_name(), bytes(range(256)) * 4000
    await stored.put(name, content)
    assert await stored.get(name) == content
    assert await stored.exists(name)


async def test_what_is_put_again_is_replaced(stored):
    name = a_name()
    await stored.put(name, b"first")
    await stored.put(name, b"second")
    assert await stored.get(name) == b"second"
    assert [found.name async for found in stored.everything()] == [name]


async def test_what_is_deleted_is_gone_and_may_be_deleted_again(stored):
    name = a_name()
    await stored.put(name, b"content")
    await stored.delete(name)
    await stored.delete(name)
    assert not await stored.exists(name)
    with pytest.raises(NotStored):
        await stored.get(name)


async def test_everything_is_listed_with_its_size_and_time(stored):
    names = sorted(a_name() for _ in range(5))
    before = datetime.now(UTC) - timedelta(seconds=2)
    for size, name in enumerate(names):
        await stored.put(name, bytes(size))
    found = [found async for found in stored.everything()]
    assert [(one.name, one.size) for one in found] == list(zip(names, range(5), strict=True))
    assert all(before < one.stored_at <= datetime.now(UTC) + timedelta(seconds=2) for one in found)


async def test_an_empty_storage_holds_nothing(stored):
    assert [found async for found in stored.everything()] == []


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "..",
        "../keys.json",
        "/etc/passwd",
        "a" * 32,
        "a" * 32 + ".webp/",
        "A" * 32 + ".webp",
        "a" * 32 + ".webp\n",
        "a" * 31 + "/.webp",
        "a" * 32 + "..webp",
        "\x00" * 32 + ".webp",
    ],
)
async def test_a_name_that_was_never_given_out_leads_nowhere(stored, name):
    assert not await stored.exists(name)
    for lost in (stored.get(name), stored.put(name, b"content"), stored.delete(name)):
        with pytest.raises(NotStored):
            await lost
    assert [found async for found in stored.everything()] == []


def test_names_say_nothing_and_never_meet():
    names = {a_name() for _ in range(1000)}
    assert len(names) == 1000
    assert all(storage.NAME.fullmatch(name) for name in names)


def test_a_folder_in_the_home_is_the_default(configured, tmp_path):
    chosen = configured(home=str(tmp_path))
    assert isinstance(chosen, FolderStorage)
    assert chosen.folder == tmp_path / "media"


def test_the_storage_is_chosen_once(configured, tmp_path):
    assert configured(home=str(tmp_path)) is storage.current()


async def test_a_folder_is_spread_over_others_that_only_the_owner_reads(tmp_path):
    name = a_name()
    await FolderStorage(tmp_path / "media").put(name, b"content")
    file = tmp_path / "media" / name[:2] / name
    assert file.read_bytes() == b"content"
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700


async def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(tmp_path):
    folder, name = FolderStorage(tmp_path), a_name()
    await folder.put(name, b"old")
    with pytest.raises(TypeError):
        await folder.put(name, "not bytes")
    assert await folder.get(name) == b"old"
    assert [path.name for path in (tmp_path / name[:2]).iterdir()] == [name]


async def test_a_write_that_never_ended_is_not_listed(tmp_path):
    folder, name = FolderStorage(tmp_path), a_name()
    await folder.put(name, b"content")
    files.write(tmp_path / name[:2] / ".0123456789abcdef.part", b"half")
    assert [found.name async for found in folder.everything()] == [name]


async def test_a_reader_never_sees_half_a_file(tmp_path):
    folder, name = FolderStorage(tmp_path), a_name()
    whole = {bytes([letter]) * 1_000_000 for letter in b"ab"}
    await folder.put(name, min(whole))

    async def write():
        for content in sorted(whole) * 10:
            await folder.put(name, content)

    writing = asyncio.create_task(write())
    while not writing.done():
        assert await folder.get(name) in whole
    await writing


async def test_a_store_that_does_not_answer_is_a_refusal_and_no_hang(configured, unused_tcp_port):
    lost = configured(
        storage="s3://break-room/media",
        storage_endpoint=f"http://127.0.0.1:{unused_tcp_port}",
        **ACCOUNT,
    )
    assert isinstance(lost, ObjectStorage)
    async with asyncio.timeout(20):
        with pytest.raises(StorageUnavailable):
            await lost.put(a_name(), b"content")


def test_no_secret_shows_in_the_settings(configured):
    configured(**ACCOUNT)
    assert ACCOUNT["storage_secret"] not in repr(settings.current())
