"""SQLite as we need it: writers queue, and nobody waits for ever. (A Tortoise engine.)"""

import asyncio
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from sqlite3 import OperationalError, complete_statement
from typing import Any, Literal

from tortoise.backends.base.client import (
    ConnectionWrapper,
    NestedTransactionContext,
    TransactionalDBClient,
)
from tortoise.backends.sqlite.client import (
    SqliteClient,
    SqliteTransactionContext,
    SqliteTransactionWrapper,
    translate_exceptions,
)
from tortoise.connection import get_connections

from core import files, settings, transactions
from core.database.db import Usage
from core.errors import ServiceBusy


class Turn(asyncio.Lock):
    """The lock around a process's only connection; who waits too long for it is turned away."""

    async def acquire(self) -> Literal[True]:
        try:
            async with asyncio.timeout(settings.current().database_wait):
                return await super().acquire()
        except TimeoutError:
            raise ServiceBusy from None


@contextmanager
def unlocked() -> Iterator[None]:
    """Who finds the file locked by another process for too long is turned away."""
    try:
        yield
    except OperationalError as failure:
        if "locked" in str(failure):
            raise ServiceBusy from failure
        raise


class Fetching:
    @translate_exceptions
    async def fetch(self, sql: str, values: Sequence[Any]) -> Sequence[Sequence[Any]]:
        """The rows of a statement, as the driver has them."""
        async with self.acquire_connection() as connection:  # type: ignore[attr-defined]  # of the client beside it
            with unlocked():
                return await connection.execute_fetchall(sql, values)  # type: ignore[no-any-return]  # as above


class Client(Fetching, SqliteClient):
    def __init__(self, file_path: str, **pragmas: Any) -> None:
        super().__init__(file_path, **pragmas)
        self._lock = Turn()

    async def create_connection(self, with_db: bool) -> None:  # noqa: FBT001  # Tortoise's
        if self.filename != ":memory:":
            files.make_folder(Path(self.filename).parent)
        await super().create_connection(with_db)

    @property
    def usage(self) -> Usage:
        return Usage(open=1, busy=int(self._lock.locked()))

    def _in_transaction(self) -> "Whole":
        return Whole(Transaction(self), self._lock)


class Transaction(Fetching, SqliteTransactionWrapper):
    def acquire_connection(self) -> ConnectionWrapper[Any]:
        transactions.refuse_strays()
        return super().acquire_connection()

    def _in_transaction(self) -> NestedTransactionContext:
        return NestedTransactionContext(Transaction(self))

    @translate_exceptions
    async def execute_script(self, query: str) -> None:
        # The driver's own executescript would commit what the transaction did so far.
        for statement in statements(query):
            await self._connection.execute(statement)

    async def begin(self) -> None:
        # A deferred transaction that reads first and writes later fails when others write too.
        with unlocked():
            await self._connection.execute("BEGIN IMMEDIATE")

    async def commit(self) -> None:
        try:
            await super().commit()
        except BaseException:
            await self._connection.rollback()  # or the next transaction would find this one open
            raise


def statements(script: str) -> Iterator[str]:
    """The statements of a script; a `;` in a string or a comment ends none."""
    statement = ""
    for piece in re.split("(?<=;)", script):
        statement += piece
        if complete_statement(statement):
            yield statement
            statement = ""
    if statement.strip():
        yield statement


class Whole(SqliteTransactionContext):
    """Gives the lock back when a transaction does not even begin."""

    async def __aenter__(self) -> TransactionalDBClient:
        await self._trxlock.acquire()
        try:
            await self.ensure_connection()
            await self.connection.begin()
        except BaseException:
            with suppress(Exception):
                await self.connection.rollback()
            self._trxlock.release()
            raise
        self.token = get_connections().set(self.connection_name, self.connection)
        return self.connection  # type: ignore[no-any-return]  # Tortoise's Any


client_class = Client
