import asyncio
import re
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from tortoise import Tortoise
from tortoise.connection import get_connection
from tortoise.context import TortoiseContext
from tortoise.exceptions import IntegrityError

from core.database import catalog, db, migrations
from core.database.migrations import MigrationFailed
from tests.core.shelves import first, later

FIRST, LATER, IMPOSSIBLE = (
    f"tests.core.shelves.{name}" for name in ("first", "later", "impossible")
)


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """An empty package for migrations."""
    name = f"shelf_migrations_{tmp_path.parent.name.replace('-', '_')}_{tmp_path.name}"
    (tmp_path / name).mkdir()
    monkeypatch.syspath_prepend(tmp_path)
    return name


@pytest.fixture
async def library(empty_database: str, package: str) -> str:
    """A database with the first models, and rows in it."""
    await migrations.write([FIRST], package)
    assert await migrations.migrate(empty_database, [FIRST], package) == ["0001_initial"]
    async with opened(empty_database, FIRST):
        shelf = await first.Shelf.create(name="poems")
        await first.Book.create(shelf=shelf, title="Odes", author="Keats", is_favourite=True)
        await first.Book.create(shelf=shelf, title="Sonnets", author="Keats")
    return empty_database


@asynccontextmanager
async def opened(url: str, *models: str) -> AsyncIterator[TortoiseContext]:
    async with TortoiseContext() as tortoise:
        await tortoise.init(db.config(url, models))
        yield tortoise


async def books(url: str) -> list[tuple[str, str]]:
    async with opened(url, FIRST) as tortoise:
        rows = await tortoise.db().execute_query_dict("SELECT * FROM book ORDER BY title")
        return [(row["title"], row["author"]) for row in rows]


async def lacking(url: str, module: str) -> list[str]:
    async with opened(url, module) as tortoise:
        return await catalog.missing(tortoise.apps["models"].values(), tortoise.db())


def by_hand(package: str, operation: str) -> None:
    """Adds a migration that a person wrote."""
    folder = next(Path(place, package) for place in sys.path if Path(place, package).is_dir())
    (folder / "0002_by_hand.py").write_text(f"""
from tortoise import migrations
from tortoise.migrations import operations as ops

class Migration(migrations.Migration):
    dependencies = [("models", "0001_initial")]
    operations = [{operation}]
""")


def test_no_migration_imports_what_may_be_renamed():
    written = "".join(path.read_text() for path in Path(migrations.PACKAGE).glob("[0-9]*.py"))
    assert "ops.CreateModel" in written
    ours = re.compile(r"^(?:from|import) (?:community|core|gamify|referrals)\b", re.MULTILINE)
    assert ours.findall(written) == []


async def test_the_database_has_all_that_the_models_demand():
    models = Tortoise.apps["models"].values()
    assert await catalog.missing(models, get_connection("default")) == []


async def test_what_is_missing_is_told(library):
    assert await lacking(library, LATER) == [
        "book_one_a_place on book",
        "book_pages_not_negative on book",
        "column pages of book",
        "column place of book",
        "index on book (author, pages)",
    ]


async def test_checks_and_partial_uniques_are_created_with_their_table(library):
    async with opened(library, FIRST):
        shelf = await first.Shelf.get()
        with pytest.raises(IntegrityError):
            await first.Book.create(shelf=shelf, title="Debts", author="Keats", copies=-1)
        with pytest.raises(IntegrityError):
            await first.Book.create(shelf=shelf, title="Letters", author="Keats", is_favourite=True)
        with pytest.raises(IntegrityError):
            await first.Book.create(shelf=shelf, title="Odes", author="Horace")
        assert await first.Book.all().count() == 2


async def test_changing_tables_keeps_their_rows_indexes_and_checks(library, package):
    [path] = await migrations.write([LATER], package)
    assert await migrations.pending(library, [LATER], package) == [Path(path).stem]
    assert await migrations.migrate(library, [LATER], package) == [Path(path).stem]
    assert await migrations.pending(library, [LATER], package) == []
    assert await migrations.changes([LATER], package) == []
    assert await books(library) == [("Odes", "Keats"), ("Sonnets", "Keats")]
    assert await lacking(library, LATER) == []
    async with opened(library, LATER):
        assert await later.Book.filter(pages=0).count() == 2
        with pytest.raises(IntegrityError):
            await later.Book.all().update(pages=-1)
        with pytest.raises(IntegrityError):
            await later.Book.all().update(title="Odes")
        with pytest.raises(IntegrityError):
            await later.Book.all().update(place=1)


async def test_there_is_nothing_to_do_twice(library, package):
    assert await migrations.migrate(library, [FIRST], package) == []


async def test_a_migration_that_fails_leaves_everything_as_it_was(library, package):
    await migrations.write([IMPOSSIBLE], package)
    with pytest.raises(IntegrityError):
        await migrations.migrate(library, [IMPOSSIBLE], package)
    assert await books(library) == [("Odes", "Keats"), ("Sonnets", "Keats")]
    assert await lacking(library, FIRST) == []
    assert await migrations.pending(library, [FIRST], package) != []


async def test_a_step_changes_rows_by_the_models_of_its_time(library, package):
    odes = "apps.get_model('models.Book').filter(shelf__name='poems', title='Odes')"
    change = f"{odes}.using_db(editor.client).update(title='Epics')"
    by_hand(package, f"ops.RunPython(lambda apps, editor: {change})")
    await migrations.migrate(library, [FIRST], package)
    assert await books(library) == [("Epics", "Keats"), ("Sonnets", "Keats")]


async def test_a_migration_that_loses_an_index_is_undone(library, package):
    by_hand(package, 'ops.RunSQL("DROP INDEX book_one_favourite")')
    with pytest.raises(MigrationFailed, match="would lack: book_one_favourite on book"):
        await migrations.migrate(library, [FIRST], package)
    assert await lacking(library, FIRST) == []


@pytest.mark.only("sqlite")
async def test_a_migration_that_orphans_rows_is_undone(library, package):
    by_hand(package, 'ops.RunSQL("DELETE FROM shelf")')
    with pytest.raises(MigrationFailed, match="rows would refer to nothing"):
        await migrations.migrate(library, [FIRST], package)
    async with opened(library, FIRST):
        assert await first.Shelf.all().count() == 1


@pytest.mark.only("sqlite")
async def test_the_state_before_is_kept_beside_an_sqlite_database(library, package):
    await migrations.write([LATER], package)
    await migrations.migrate(library, [LATER], package)
    snapshot = library.removeprefix("sqlite://") + ".before-migration"
    with sqlite3.connect(snapshot) as before:
        assert before.execute("SELECT name, colour FROM shelf").fetchall() == [("poems", "grey")]
    before.close()


@pytest.mark.only("sqlite")
async def test_who_finds_another_migrating_waits(empty_database, package):
    await migrations.write([FIRST], package)
    another = sqlite3.connect(empty_database.removeprefix("sqlite://") + ".lock")
    another.execute("BEGIN EXCLUSIVE")
    migrating = asyncio.create_task(migrations.migrate(empty_database, [FIRST], package))
    done, _ = await asyncio.wait([migrating], timeout=0.3)
    assert not done
    assert await migrations.pending(empty_database, [FIRST], package) == ["0001_initial"]
    another.close()
    assert await migrating == ["0001_initial"]


async def test_one_of_several_migrates_and_the_others_wait(empty_database, package):
    [path] = await migrations.write([FIRST], package)
    code = (
        "import asyncio; from core.database import migrations;"
        f"print(asyncio.run(migrations.migrate({empty_database!r}, {[FIRST]!r}, {package!r})))"
    )
    told = await asyncio.gather(*(run(code, Path(path).parents[1]) for _ in range(3)))
    assert sorted(told) == ["['0001_initial']", "[]", "[]"]


async def run(code: str, *places: Path) -> str:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        code,
        env={"PYTHONPATH": ":".join([str(place) for place in (Path.cwd(), *places)])},
        stdout=asyncio.subprocess.PIPE,
    )
    out, _ = await process.communicate()
    assert process.returncode == 0
    return out.decode().strip()
