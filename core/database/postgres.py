"""PostgreSQL as we need it: every wait ends, in a result or in a refusal. (A Tortoise engine.)"""

# ruff: noqa: SLF001  # an engine extends Tortoise's, whose parts are all private
import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import asyncpg
from tortoise.backends.asyncpg.client import AsyncpgDBClient, TransactionWrapper
from tortoise.backends.base.client import (
    ConnectionWrapper,
    NestedTransactionContext,
    PoolConnectionWrapper,
    TransactionalDBClient,
    TransactionContextPooled,
)
from tortoise.backends.base_postgres.client import translate_exceptions
from tortoise.connection import get_connections

from core import settings, transactions
from core.database import versions
from core.database.db import Usage
from core.errors import ServiceBusy

#: What tells of a database that is overloaded, restarting or gone; none of it is a fault of ours.
UNAVAILABLE = (
    TimeoutError,
    OSError,
    asyncpg.QueryCanceledError,
    asyncpg.LockNotAvailableError,
    asyncpg.TooManyConnectionsError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.PostgresConnectionError,
    asyncpg.InternalClientError,  # the line had just broken when the driver began
)


class Connection(asyncpg.Connection):  # type: ignore[misc]  # asyncpg is not typed
    is_sound = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        versions.forget()

    def get_reset_query(self) -> str:
        """We leave nothing behind, so giving it back costs no round trip; but for what was broken
        off before the server ran it: the clock for that would end a later statement."""
        return "" if self.is_sound else "-- nothing is left\nSELECT"


def is_lost(connection: asyncpg.Connection) -> bool:
    try:
        return bool(connection.is_closed())
    except asyncpg.InterfaceError:
        return True  # the pool has taken it back


async def _failed(_: Any, failure: Exception) -> None:
    raise failure


class Impatient:
    """What the database could not do in time is a refusal, not a fault."""

    async def _translate_exceptions(
        self, func: Callable[..., Any], *args: Any, **kwargs: Any
    ) -> Any:
        try:
            return await super()._translate_exceptions(func, *args, **kwargs)  # type: ignore[misc]  # of the client beside it
        except UNAVAILABLE as failure:
            raise ServiceBusy from failure

    async def fetch(self, sql: str, values: Sequence[Any]) -> Any:
        """The rows of a statement, as the driver has them."""
        try:
            async with self.acquire_connection() as connection:  # type: ignore[attr-defined]  # of the client beside it
                return await connection.fetch(sql, *values)
        except Exception as failure:  # noqa: BLE001  # told in Tortoise's words, or as it is
            return await self._translate_exceptions(_failed, failure)


class Client(Impatient, AsyncpgDBClient):
    """The driver's pool takes as long to lend a connection as some statements to run, so what is
    given back is kept here for the next one, unless somebody waits at the pool."""

    connection_class = Connection

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kept: list[Any] = []  # the last one first: it is warm
        self.waiting = 0

    async def borrow(self) -> Any:
        """A connection of the pool; raises ServiceBusy when none comes free in time."""
        while self.kept:
            connection = self.kept.pop()
            if not is_lost(connection):
                return connection
            await self._pool.release(connection)  # type: ignore[union-attr]  # made before
        self.waiting += 1
        try:
            async with asyncio.timeout(settings.current().database_wait):
                return await self._pool.acquire()  # type: ignore[union-attr]  # made before
        except UNAVAILABLE as failure:
            raise ServiceBusy from failure
        finally:
            self.waiting -= 1

    async def give_back(self, connection: Any, *, sound: bool) -> None:
        """If it may not be `sound`, the driver looks at it."""
        if sound and not self.waiting and self._pool and not is_lost(connection):
            self.kept.append(connection)
        elif self._pool:
            if not is_lost(connection):
                connection._con.is_sound = sound
            await self._pool.release(connection)

    async def _close(self) -> None:
        while self.kept and self._pool:
            await self._pool.release(self.kept.pop())
        await super()._close()

    @property
    def usage(self) -> Usage:
        size, idle = self._pool.get_size(), self._pool.get_idle_size()  # type: ignore[union-attr]  # made before
        return Usage(open=size, busy=size - idle - len(self.kept))

    def acquire_connection(self) -> "Borrowed":
        return Borrowed(self, self._pool_init_lock)

    def _in_transaction(self) -> "Whole":
        return Whole(Transaction(self), self._pool_init_lock)


class Transaction(Impatient, TransactionWrapper):
    """A savepoint waits for its turn on the line, as statements do."""

    def __init__(self, connection: AsyncpgDBClient) -> None:
        super().__init__(connection)
        if isinstance(connection, Transaction):
            self._lock = connection._lock

    def acquire_connection(self) -> ConnectionWrapper[asyncpg.Connection]:
        transactions.refuse_strays()
        return super().acquire_connection()

    def _in_transaction(self) -> NestedTransactionContext:
        return NestedTransactionContext(Transaction(self))

    async def begin(self) -> None:
        async with self._lock:
            await super().begin()

    @translate_exceptions
    async def commit(self) -> None:
        async with self._lock:
            await super().commit()

    async def rollback(self) -> None:
        async with self._lock:
            if is_lost(self._connection):
                self._finalized = True  # the server has rolled it back
            else:
                await super().rollback()

    async def _translate_exceptions(
        self, func: Callable[..., Any], *args: Any, **kwargs: Any
    ) -> Any:
        try:
            return await super()._translate_exceptions(func, *args, **kwargs)
        except asyncpg.InterfaceError as failure:
            if is_lost(self._connection):
                raise ServiceBusy from failure
            raise


class Borrowed(PoolConnectionWrapper[asyncpg.Connection]):
    client: Client

    async def __aenter__(self) -> asyncpg.Connection:
        await self.ensure_connection()
        self.connection = await self.client.borrow()
        return self.connection

    async def __aexit__(self, exc_type: type[BaseException] | None, *_: object) -> None:
        await self.client.give_back(self.connection, sound=exc_type is None)


class Whole(TransactionContextPooled):
    """Gives the connection back, also when a transaction does not even begin."""

    async def __aenter__(self) -> TransactionalDBClient:
        await self.ensure_connection()
        pool: Client = self.client._parent  # type: ignore[assignment]  # ours
        self.client._connection = await pool.borrow()
        try:
            await self.client.begin()
        except BaseException:
            await pool._pool.release(self.client._connection)  # type: ignore[union-attr]  # made before
            raise
        self.token = get_connections().set(self.connection_name, self.client)
        return self.client

    async def __aexit__(self, exc_type: type[BaseException] | None, *_: object) -> None:
        pool: Client = self.client._parent  # type: ignore[assignment]  # ours
        sound = False
        try:
            if not self.client._finalized:
                await (self.client.rollback() if exc_type else self.client.commit())
            sound = True
        finally:
            get_connections().reset(self.token)
            await pool.give_back(self.client._connection, sound=sound)


client_class = Client
