import asyncio
import sqlite3
from contextvars import Context
from datetime import UTC, timedelta
from uuid import uuid4

import pytest
from tortoise.connection import get_connection
from tortoise.exceptions import ConfigurationError
from tortoise.transactions import in_transaction

from core import clock, events, settings
from core.database import db, inserts
from core.errors import ServiceBusy
from core.events import Event
from core.people import Person, Team
from core.transactions import transaction


@transaction
async def add(name: str) -> Team:
    return await Team.create(department="Care", name=name)


async def asked(sql: str) -> object:
    [row] = await get_connection("default").execute_query_dict(sql)
    return next(iter(row.values()))


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "asyncpg"])
def test_a_server_is_named_in_the_usual_ways(scheme):
    connection = db.connection(f"{scheme}://ann:secret@db.example:6432/break?sslmode=require")
    assert connection["engine"] == "core.database.postgres"
    named = ("user", "password", "host", "port", "database", "ssl")
    assert [connection["credentials"][name] for name in named] == [
        "ann",
        "secret",
        "db.example",
        6432,
        "break",
        "require",
    ]


def test_a_server_is_reached_through_a_socket():
    credentials = db.connection("asyncpg://postgres:@/postgres?host=/run/pg")["credentials"]
    assert credentials["host"] == "/run/pg"
    assert credentials["user"] == "postgres"
    assert credentials["password"] is None


def test_what_the_url_says_wins_over_the_settings():
    credentials = db.connection("postgres://localhost/x?maxsize=3&statement_cache_size=0")
    assert credentials["credentials"]["maxsize"] == "3"
    assert credentials["credentials"]["statement_cache_size"] == 0


def test_two_models_of_one_name_are_refused():
    with pytest.raises(ConfigurationError) as refused:
        db.config("sqlite://x", ["tests.core.shelves.first", "tests.core.shelves.later"])
    assert str(refused.value) == (
        "Shelf is a model of tests.core.shelves.first and of tests.core.shelves.later"
    )


async def test_moments_come_back_in_utc():
    event = await events.record("measured", due_at=clock.now())
    assert (await Event.get(id=event.id)).due_at.tzinfo in (UTC, event.due_at.tzinfo)
    assert (await Event.get(id=event.id)).due_at.utcoffset() == timedelta(0)


@pytest.mark.only("sqlite")
@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("busy_timeout", 5000)],
)
async def test_sqlite_is_safe_and_patient(pragma, value):
    assert await asked(f"PRAGMA {pragma}") == value


@pytest.mark.only("postgres")
@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("statement_timeout", "10s"),
        ("lock_timeout", "5s"),
        ("idle_in_transaction_session_timeout", "10min"),  # as conftest sets it
        ("TimeZone", "UTC"),
        ("application_name", "breakroom"),
    ],
)
async def test_postgres_ends_what_takes_too_long(setting, value):
    assert await asked(f"SHOW {setting}") == value


@pytest.mark.committed
async def test_reading_costs_one_statement(statements):
    await Team.all().count()
    assert statements() == ['SELECT COUNT(*) FROM "team"']


@pytest.mark.committed
async def test_who_waits_too_long_for_a_connection_is_refused(set_limits, kind):
    full = asyncio.Barrier(2 if kind == "sqlite" else settings.current().database_connections + 1)
    go = asyncio.Event()

    async def hold() -> None:
        async with in_transaction():
            await full.wait()
            await go.wait()

    holding = [asyncio.create_task(hold()) for _ in range(full.parties - 1)]
    await full.wait()
    set_limits(database_wait=0.05)
    with pytest.raises(ServiceBusy):
        await Team.all().count()
    with pytest.raises(ServiceBusy):
        await add("North")
    go.set()
    await asyncio.gather(*holding)
    await add("South")
    assert await Team.all().count() == 1


@pytest.mark.committed
@pytest.mark.only("sqlite")
async def test_a_file_locked_by_others_is_a_refusal_and_not_the_end(database_url):
    await get_connection("default").execute_script("PRAGMA busy_timeout = 20")
    other = sqlite3.connect(database_url.removeprefix("sqlite://"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(ServiceBusy):
        await add("North")
    with pytest.raises(ServiceBusy):
        await inserts.added(Team(department="Care", name="East"))
    other.execute("COMMIT")
    other.close()
    await add("South")
    await get_connection("default").execute_script("PRAGMA busy_timeout = 5000")
    assert await Team.all().count() == 1


@pytest.mark.committed
@pytest.mark.only("sqlite")
async def test_a_commit_that_fails_leaves_nothing_open():
    @transaction
    async def break_at_the_end() -> None:
        await add("North")
        await get_connection("default").execute_query("PRAGMA defer_foreign_keys = ON")
        await Person.create(number="1", name="Ann", team_id=uuid4())

    with pytest.raises(sqlite3.IntegrityError):
        await break_at_the_end()
    await add("South")
    assert [team.name for team in await Team.all()] == ["South"]


@pytest.mark.committed
@pytest.mark.only("postgres")
async def test_a_statement_that_takes_too_long_is_refused():
    @transaction
    async def dawdle() -> None:
        await add("North")
        await asked("SELECT set_config('statement_timeout', '20', true)")
        await asked("SELECT pg_sleep(5)")

    with pytest.raises(ServiceBusy):
        await dawdle()
    assert await Team.all().count() == 0


@pytest.mark.committed
@pytest.mark.only("postgres")
async def test_a_row_that_stays_locked_is_refused():
    team = await add("North")
    locked, go = asyncio.Event(), asyncio.Event()

    @transaction
    async def keep() -> None:
        await Team.filter(id=team.id).update(name="East")
        locked.set()
        await go.wait()

    @transaction
    async def rename() -> None:
        await asked("SELECT set_config('lock_timeout', '20', true)")
        await Team.filter(id=team.id).update(name="South")

    keeping = asyncio.create_task(keep())
    await locked.wait()
    with pytest.raises(ServiceBusy):
        await rename()
    go.set()
    await keeping
    assert (await Team.get()).name == "East"


@pytest.mark.committed
@pytest.mark.only("postgres")
async def test_a_lost_connection_is_a_refusal_and_another_takes_its_place():
    @transaction
    async def lose() -> None:
        await add("North")
        with pytest.raises(ServiceBusy):
            await asked("SELECT pg_terminate_backend(pg_backend_pid())")
        await add("East")

    with pytest.raises(ServiceBusy):
        await lose()
    await add("South")
    assert [team.name for team in await Team.all()] == ["South"]


@pytest.mark.committed
@pytest.mark.only("postgres")
async def test_who_reads_and_who_writes_share_all_connections_and_give_them_back():
    async def both(number: int) -> None:
        await add(f"Team {number}")
        await Team.all().count()

    await asyncio.gather(*map(both, range(3 * settings.current().database_connections)))
    assert db.usage().busy == 0
    assert db.usage().open <= settings.current().database_connections
    assert await Team.all().count() == 3 * settings.current().database_connections


@pytest.mark.committed
@pytest.mark.only("postgres")
async def test_a_connection_lost_while_nobody_used_it_is_not_lent_again():
    kept, lost = get_connection("default").kept, asyncio.Event()
    async with in_transaction():
        mine = await asked("SELECT pg_backend_pid()")
        other = await asyncio.create_task(asked("SELECT pg_backend_pid()"), context=Context())
        for connection in kept:
            connection.add_termination_listener(lambda _: lost.set())
        await asked(f"SELECT pg_terminate_backend({other}, 5000)")
        await lost.wait()
        third = asyncio.create_task(asked("SELECT pg_backend_pid()"), context=Context())
        assert await third not in {mine, other, None}


@pytest.mark.committed
@pytest.mark.only("postgres")
async def test_the_connection_of_a_transaction_serves_whatever_comes_next():
    async with in_transaction():
        mine = await asked("SELECT pg_backend_pid()")
    assert await asked("SELECT pg_backend_pid()") == mine


@pytest.mark.committed
@pytest.mark.only("postgres")
async def test_what_was_broken_off_ends_no_later_statement():
    client = get_connection("default")
    connection, other = await client.borrow(), await client.borrow()
    asked = "SELECT state FROM pg_stat_activity WHERE pid = $1", connection.get_server_pid()
    await connection.prepare("SELECT $1::int")
    assert await other.fetchval(*asked) == "active"  # and the clock runs until it is run
    await client.give_back(connection, sound=False)
    assert await other.fetchval(*asked) == "idle"
    await client.give_back(other, sound=True)
