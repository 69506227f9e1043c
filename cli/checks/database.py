"""The database, and what waits in it."""

import re
import sqlite3
from pathlib import Path
from typing import Any

import asyncpg
from tortoise.connection import get_connection
from tortoise.exceptions import BaseORMException, OperationalError

from api.composition import MODELS
from cli.checks import Check, Wrong
from core import clock, events, settings
from core.database import db, migrations
from core.errors import Refused
from core.messaging import deliveries
from core.people import Person

SKEW = 2.0  # seconds
PATIENCE = 300  # seconds that an event may wait

FAILURES = (asyncpg.PostgresError, sqlite3.Error, BaseORMException, OSError, Refused)

LEAST = {"sqlite": (3, 35), "postgres": (15, 0)}
NAMES = {"sqlite": "SQLite", "postgres": "PostgreSQL"}
VERSION = {"sqlite": "SELECT sqlite_version()", "postgres": "SHOW server_version"}
SHOW = {"sqlite": "PRAGMA {}", "postgres": "SHOW {}"}
SECONDS = {  # since 1970
    "sqlite": "SELECT (julianday('now') - 2440587.5) * 86400",
    "postgres": "SELECT EXTRACT(EPOCH FROM clock_timestamp())::float",
}
SAFE = {  # else what was acknowledged can be lost, or cannot be stored
    "sqlite": {"journal_mode": {"wal"}, "synchronous": {"2"}, "foreign_keys": {"1"}},
    "postgres": {
        "fsync": {"on"},
        "full_page_writes": {"on"},
        "synchronous_commit": {"on", "local", "remote_write", "remote_apply"},
        "server_encoding": {"UTF8"},
    },
}
MENDED = {
    "sqlite": "keep it in a file on a local disk",
    "postgres": "psql: ALTER SYSTEM SET … and ALTER DATABASE … SET …, or createdb --encoding UTF8",
}


async def answers() -> str:
    """Leaves it connected."""
    where = _where()
    try:
        await db.connect(settings.current().database_url, MODELS)
        await _value(VERSION[_kind()])
    except FAILURES as failure:
        mend = "start it, or correct BREAKROOM_DATABASE"
        raise Wrong(f"{where} does not answer: {failure}", mend=mend) from None
    return where


async def version(least: dict[str, tuple[int, int]] = LEAST) -> str:
    told = f"{NAMES[_kind()]} {await _value(VERSION[_kind()])}"
    if tuple(map(int, re.findall(r"\d+", told)[:2])) < least[_kind()]:
        wanted = ".".join(map(str, least[_kind()]))
        raise Wrong(f"{told} is too old", mend=f"update it to {wanted}")
    return told


def _where() -> str:
    """Without the password, and never of a URL that was taken apart wrongly."""
    try:
        given = db.connection(settings.current().database_url)["credentials"]
    except (BaseORMException, ValueError):
        mend = "BREAKROOM_DATABASE=postgres://USER:PASSWORD@HOST:PORT/NAME"
        raise Wrong("its URL cannot be read", mend=mend) from None
    if "file_path" not in given:
        return f"{given['host']}:{given['port']}"
    path = given["file_path"]
    if path != ":memory:" and not Path(path).exists():
        raise Wrong(f"there is no {path}", mend="breakroom migrate")
    return str(path)


async def up_to_date() -> str:
    """Of migrations; newer ones than ours do no harm."""
    if pending := await migrations.pending(settings.current().database_url, MODELS):
        raise Wrong(f"it lacks {', '.join(pending)}", mend="breakroom migrate")
    return "nothing to apply"


async def safe() -> str:
    """Its own settings."""
    shown = {name: str(await _value(SHOW[_kind()].format(name))) for name in SAFE[_kind()]}
    wrong = [f"{n} is {value}" for n, value in shown.items() if value not in SAFE[_kind()][n]]
    if wrong:
        raise Wrong(", ".join(wrong), mend=MENDED[_kind()])
    return ", ".join(f"{name} {value}" for name, value in shown.items())


async def connections() -> str:
    if _kind() == "sqlite":
        return "one, taken in turn"
    most, wanted = (
        int(await _value("SHOW max_connections")),
        settings.current().database_connections,
    )
    if wanted > most - 3:  # some are kept for administrators
        mend = f"BREAKROOM_DATABASE_CONNECTIONS={most // 2}, or raise max_connections"
        raise Wrong(f"we may open {wanted}, it allows {most} to all", mend=mend)
    return f"{wanted} for each process, of {most}"


async def same_time() -> str:
    skew = clock.now().timestamp() - float(await _value(SECONDS[_kind()]))
    if abs(skew) > SKEW:
        what = f"this machine is {abs(skew):.0f} s {'ahead' if skew > 0 else 'behind'}"
        raise Wrong(what, mend="timedatectl set-ntp true (on both machines)")
    return f"the same here and there within {SKEW:.0f} s"


async def outbox() -> str:
    try:
        backlog = await events.backlog()
    except OperationalError:
        raise Wrong("it is not there", mend="breakroom migrate") from None
    if backlog.failed:
        mend = "breakroom outbox (says why), then breakroom outbox --retry"
        raise Wrong(f"{backlog.failed} events were set aside", mend=mend)
    if backlog.lag > PATIENCE:
        what = f"{backlog.waiting} events are due, one for {backlog.lag / 60:.0f} minutes"
        raise Wrong(what, mend="breakroom serve (delivers them)")
    return f"{backlog.waiting} events are due"


async def notices() -> str:
    try:
        count = await deliveries.failed_count()
    except OperationalError:
        raise Wrong("they are not there", mend="breakroom migrate") from None
    if count:
        mend = "breakroom notices failed (says why), then breakroom notices retry"
        raise Wrong(f"{count} messages were set aside", mend=mend)
    return "no message was set aside"


async def holds_nobody() -> bool:
    """Of a database that is not there we do not know."""
    try:
        return not await Person.exists()
    except (*FAILURES, RuntimeError):
        return False


def _kind() -> str:
    return get_connection("default").capabilities.dialect


async def _value(sql: str) -> Any:
    [row] = await get_connection("default").execute_query_dict(sql)
    return next(iter(row.values()))


CHECKS: dict[str, Check] = {
    "version": version,
    "migrations": up_to_date,
    "durability": safe,
    "connections": connections,
    "clock": same_time,
    "outbox": outbox,
    "notices": notices,
}
