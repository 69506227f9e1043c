import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, asynccontextmanager
from pathlib import Path
from zipfile import ZipFile

import pytest
from tortoise.connection import get_connection

from api.composition import MODELS
from core import clock
from core.crypto import keys
from core.crypto.keys import BadKeyFile
from core.database import backups, migrations
from core.database.archives import BadArchive
from core.database.backups import Database, NotEmpty, NotRestored, Snapshot
from core.events import Event
from core.media import storage
from core.media.images import Image
from core.media.uploads import Purpose, Upload
from core.people import Person
from tests.core import installations
from tests.core.installations import backed_up, restored
from tests.core.shelves import first, later
from tests.makers import a_comment, a_group, a_member, a_person, a_post

pytestmark = pytest.mark.committed

PICTURE = bytes(range(256)) * 100
AWKWARD = ["", "\\.", "\\N", "a\n\\.\nb", "tab\tand\\back\r\n", "\"quoted\", 'too'", "投诉🙂"]
FIRST, LATER = ([f"tests.core.shelves.{name}"] for name in ("first", "later"))


@pytest.fixture
def here(database_url: str, chain: str, tmp_path: Path) -> Iterator[Database]:
    """What is backed up: the database of the test run, with a home of its own."""
    with installations.at(tmp_path / "home"):
        keys.secret("seal")
        yield backups.database(database_url, MODELS, chain)


@pytest.fixture
def there(empty_database: str, chain: str) -> Database:
    return backups.database(empty_database, MODELS, chain)


@pytest.fixture
def occupied(migrated_database: str, chain: str) -> Database:
    """Where there are tables already."""
    return backups.database(migrated_database, MODELS, chain)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return tmp_path / "archive"


@pytest.fixture
def moved(tmp_path: Path) -> Callable[[], AbstractContextManager[None]]:
    """To where nothing is."""
    return lambda: installations.at(tmp_path / "elsewhere")


async def stored(content: bytes) -> str:
    name = storage.new_name(".webp")
    await storage.current().put(name, content)
    return name


async def an_image() -> Image:
    full, thumb = await stored(PICTURE), await stored(PICTURE[:10])
    return await Image.create(full_name=full, thumb_name=thumb, width=1, height=1)


async def an_event(words: str) -> Event:
    payload = {"words": [words, None]}
    return await Event.create(name="said", payload=payload, error=words, due_at=clock.now())


def contents(archive: Path) -> dict[str, bytes]:
    with ZipFile(archive) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def rewrite(archive: Path, contents: dict[str, bytes]) -> None:
    with ZipFile(archive, "w") as opened:
        for name, content in contents.items():
            opened.writestr(name, content)


def retell(archive: Path, **told: object) -> None:
    """Changes what the manifest says."""
    manifest = json.loads(contents(archive)["manifest.json"]) | told
    rewrite(archive, contents(archive) | {"manifest.json": json.dumps(manifest).encode()})


async def test_every_row_comes_back(here, there, archive, moved):
    lead = await a_person(manager=await a_person(name="Boss"))
    group = await a_group()
    ann = await a_member(group, manager=lead)
    await a_comment(await a_post(group, by=ann))
    for words in AWKWARD:
        await an_event(words)
    before = await installations.rows()

    manifest = await backed_up(here, archive)
    with moved():
        done = await restored(archive, there)
    async with installations.on(there.url):
        assert await installations.rows() == before
    assert done == (manifest, [])
    assert manifest.rows == {table: len(rows) for table, rows in before.items()}


async def test_keys_come_back_for_their_owner_alone(here, there, archive, moved):
    keys.rotate("handle")
    handle, content = keys.ring("handle"), keys.content()
    await backed_up(here, archive)
    with moved():
        await restored(archive, there)
        assert keys.ring("handle") == handle
        assert keys.content() == content
        assert keys.path().stat().st_mode & 0o777 == 0o600


async def test_media_come_back_and_what_is_lost_is_told(here, there, archive, moved):
    image, damaged = await an_image(), await an_image()
    await storage.current().delete(damaged.thumb_name)
    manifest = await backed_up(here, archive)
    assert manifest.lost == [damaged.thumb_name]
    with moved():
        await restored(archive, there)
        assert await storage.current().get(image.full_name) == PICTURE
        assert await storage.current().get(image.thumb_name) == PICTURE[:10]
        assert not await storage.current().exists(damaged.thumb_name)


async def test_a_picture_that_comes_while_others_are_copied_is_there_too(
    here, archive, monkeypatch
):
    await an_image()
    snapshot = here.snapshot

    @asynccontextmanager
    async def later_snapshot() -> AsyncIterator[Snapshot]:
        person = await a_person()
        names = {"full_name": await stored(b"late"), "thumb_name": await stored(b"l")}
        now = {"requested_at": clock.now(), "purpose": Purpose.PHOTO}
        await Upload.create(owner_id=person.id, **now, **names)
        async with snapshot() as moment:
            async with installations.on(here.url):
                await a_person()  # too late
            yield moment

    monkeypatch.setattr(here, "snapshot", later_snapshot)
    manifest = await backed_up(here, archive)

    upload = await Upload.get()
    assert manifest.lost == []
    assert {f"media/{upload.full_name}", f"media/{upload.thumb_name}"} < manifest.members.keys()
    assert (manifest.rows["person"], await Person.all().count()) == (1, 2)


async def test_without_keys_nothing_is_backed_up(here, archive):
    keys.path().unlink()
    with pytest.raises(BadKeyFile, match="there is no key file"):
        await backed_up(here, archive)


@pytest.mark.parametrize(
    "damage",
    [
        lambda whole: whole | {"keys.json": whole["keys.json"].replace(b"0", b"1")},
        lambda whole: whole | {min(whole.keys() - {"manifest.json", "keys.json"}): b"other"},
        lambda whole: whole | {"media/one-more": b""},
        lambda whole: {name: whole[name] for name in whole if not name.startswith("media/")},
        lambda whole: {name: whole[name] for name in whole if name != "keys.json"},
        lambda whole: {name: whole[name] for name in whole if name != "manifest.json"},
    ],
    ids=["other keys", "another database", "a file more", "no media", "no keys", "no manifest"],
)
async def test_an_archive_that_was_changed_is_refused_before_anything_is_touched(
    here, there, archive, moved, damage
):
    await an_image()
    await backed_up(here, archive)
    rewrite(archive, damage(contents(archive)))
    await refused(archive, there, moved, BadArchive)


async def refused(
    archive: Path, there: Database, moved, why: type[Exception], match: str | None = None
):
    with moved():
        with pytest.raises(why, match=match):
            await restored(archive, there, force=True)
        assert not keys.path().parent.exists()
    assert await there.filled() == []


async def test_an_archive_without_its_end_is_refused(here, there, archive, moved):
    await backed_up(here, archive)
    archive.write_bytes(archive.read_bytes()[:-100])
    await refused(archive, there, moved, BadArchive)


async def test_an_archive_with_a_wrong_byte_is_refused(here, there, archive, moved):
    await an_image()
    await backed_up(here, archive)
    content = archive.read_bytes()
    archive.write_bytes(content.replace(PICTURE, PICTURE[:-1] + b"!"))
    assert archive.read_bytes() != content
    await refused(archive, there, moved, BadArchive)


@pytest.mark.parametrize("content", [b"", b"PK\x05\x06" + bytes(18), b"SQLite format 3\x00" * 50])
async def test_what_is_no_archive_is_refused(there, archive, moved, content):
    archive.write_bytes(content)
    await refused(archive, there, moved, BadArchive)


async def test_a_later_kind_of_archive_is_refused(here, there, archive, moved):
    await backed_up(here, archive)
    retell(archive, format="breakroom-backup-2")
    await refused(archive, there, moved, BadArchive, "its manifest is not one that this version")


async def test_a_backup_of_the_other_database_is_refused(here, there, archive, moved):
    await backed_up(here, archive)
    retell(archive, database={"sqlite": "postgres", "postgres": "sqlite"}[here.kind])
    await refused(archive, there, moved, NotRestored, "this is a backup of .*, and the database")


async def test_a_backup_of_a_newer_version_is_refused(here, there, archive, moved):
    await backed_up(here, archive)
    retell(archive, migrations=["0001_initial", "9999_later"], version="9.9")
    await refused(archive, there, moved, NotRestored, r"Breakroom 9\.9 made this backup")


async def test_a_database_with_rows_is_replaced_only_by_force(here, occupied, archive, moved):
    kept = await a_person()
    await backed_up(here, archive)
    async with installations.on(occupied.url):
        other = await a_person()
    with moved():
        with pytest.raises(NotEmpty, match="the database holds something already: person"):
            await restored(archive, occupied)
        assert not keys.path().exists()
        async with installations.on(occupied.url):
            assert await Person.all() == [other]

        await restored(archive, occupied, force=True)
        async with installations.on(occupied.url):
            assert await Person.all() == [kept]


async def test_other_keys_are_replaced_only_by_force_and_stay_beside(here, there, archive, moved):
    ours = keys.secret("seal")
    await backed_up(here, archive)
    with moved():
        theirs = keys.secret("seal")
        with pytest.raises(NotEmpty, match="there are other keys already"):
            await restored(archive, there)
        assert keys.secret("seal") == theirs

        await restored(archive, there, force=True)
        assert keys.secret("seal") == ours
        before = keys.path().with_name("keys.json.before-restore")
        assert keys.parsed(before.read_bytes(), before)["seal"].key() == theirs


async def test_what_was_restored_halfway_is_restored_again_without_force(
    here, there, archive, moved
):
    await backed_up(here, archive)
    content = keys.content()
    with moved():
        keys.replace(content)
        await restored(archive, there)
        assert [path.name for path in keys.path().parent.glob("keys*")] == ["keys.json"]


async def test_a_database_that_is_served_is_never_replaced(here, occupied, archive, moved):
    await backed_up(here, archive)
    async with installations.on(occupied.url):
        assert not await Person.exists()
        await refused(
            archive, occupied, moved, NotRestored, "Breakroom is running on this database"
        )
    with moved():
        await restored(archive, occupied)


async def test_the_database_stays_as_it_was_when_the_keys_cannot_be_put_back(
    here, occupied, archive, tmp_path
):
    await a_person()
    await backed_up(here, archive)
    (tmp_path / "a file").touch()
    with installations.at(tmp_path / "a file"), pytest.raises(FileExistsError):
        await restored(archive, occupied)
    async with installations.on(occupied.url):
        assert not await Person.exists()


async def test_a_backup_from_before_an_update_is_migrated(here, archive, library):
    before = backups.database(library.url, FIRST, library.package)
    async with installations.on(library.url, FIRST):
        shelf = await first.Shelf.create(name="poems", colour="green")
        await first.Book.create(shelf=shelf, title="Odes", author="Keats", note="\\.")
    await backed_up(before, archive)
    [path] = await migrations.write(LATER, library.package)

    after = backups.database(library.url, LATER, library.package)
    with pytest.raises(NotEmpty, match="the database holds something already: book, shelf"):
        await restored(archive, after)
    done = await restored(archive, after, force=True)

    assert done.manifest.migrations == ["0001_initial"]
    assert done.migrations == [Path(path).stem]
    async with installations.on(library.url, LATER):
        book = await later.Book.get(pages=0, title="Odes").prefetch_related("shelf")
        assert book.shelf.name == "poems"
    assert await migrations.pending(library.url, LATER, library.package) == []


@pytest.fixture
async def library(empty_database: str, tmp_path: Path, monkeypatch) -> Database:
    """A database whose models have an earlier and a later state."""
    name = f"backup_migrations_{tmp_path.parent.name}_{tmp_path.name}".replace("-", "_")
    (tmp_path / name).mkdir()
    monkeypatch.syspath_prepend(tmp_path)
    await migrations.write(FIRST, name)
    await migrations.migrate(empty_database, FIRST, name)
    return backups.database(empty_database, FIRST, name)


@pytest.mark.only("sqlite")
async def test_the_sqlite_database_that_was_there_stays_beside(here, occupied, archive, moved):
    await backed_up(here, archive)
    async with installations.on(occupied.url):
        other = await a_person()
    with moved():
        await restored(archive, occupied, force=True)
    async with installations.on(f"{occupied.url}.before-restore"):
        assert await Person.all() == [other]
    async with installations.on(occupied.url):
        assert not await Person.exists()
    left = {path.name for path in occupied.path.parent.iterdir() if "own" in path.name}
    assert left == {"own.sqlite3", "own.sqlite3.before-restore"}


@pytest.mark.only("sqlite")
async def test_a_damaged_sqlite_database_is_replaced_by_force(here, there, archive, moved):
    await backed_up(here, archive)
    there.path.write_bytes(b"not a database" * 1000)
    with moved():
        with pytest.raises(NotEmpty, match=r"holds something already: own\.sqlite3"):
            await restored(archive, there)
        await restored(archive, there, force=True)
    async with installations.on(there.url):
        assert not await Person.exists()


@pytest.mark.only("postgres")
async def test_no_table_counts_its_rows_which_a_restore_would_not_go_on_with():
    sequences = "SELECT relname FROM pg_class WHERE relkind = 'S'"
    rows = await get_connection("default").execute_query_dict(sequences)
    assert [row["relname"] for row in rows] == ["tortoise_migrations_id_seq"]
