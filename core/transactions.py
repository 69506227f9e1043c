"""Writes: an action's body is one transaction, which no cancelled request cuts in half."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import partial, wraps
from random import uniform
from typing import Any, ParamSpec, TypeVar

import structlog
from asyncpg import DeadlockDetectedError, SerializationError
from tortoise.transactions import in_transaction

from core import settings
from core.errors import Refused, ServiceBusy

P = ParamSpec("P")
R = TypeVar("R")

ATTEMPTS = 5

log = structlog.get_logger(__name__)


class Stray(RuntimeError):
    """A task started inside a transaction used it: what it writes could be lost."""


@dataclass
class Open:
    task: asyncio.Task[Any] | None = field(default_factory=asyncio.current_task)
    callbacks: list[Callable[[], object]] = field(default_factory=list)


_open: ContextVar[Open | None] = ContextVar("transaction", default=None)
_running: set[asyncio.Task[Any]] = set()


def transaction(action: Callable[P, Coroutine[Any, Any, R]]) -> Callable[P, Coroutine[Any, Any, R]]:
    """Makes the body of an action a transaction; within another one it is a savepoint.

    The body may run more than once, when the database could not put it in order with others.
    """

    @wraps(action)
    async def whole(*args: P.args, **kwargs: P.kwargs) -> R:
        body = partial(action, *args, **kwargs)
        if opened := _open.get():
            return await _savepoint(body, opened)
        return await _outermost(body)

    return whole


def is_open() -> bool:
    return _open.get() is not None


def after_commit(callback: Callable[[], object]) -> None:
    """Calls a plain function once the outermost transaction is committed, never if it is not."""
    if opened := _open.get():
        opened.callbacks.append(callback)
    else:
        callback()


def count() -> int:
    """How many are under way or wait for their turn."""
    return len(_running)


async def drain() -> None:
    """Waits for the transactions whose callers may be gone; for shutdown."""
    while _running:
        await asyncio.wait(_running)


def refuse_strays() -> None:
    opened = _open.get()
    if opened and opened.task is not asyncio.current_task():
        raise Stray("start tasks after the transaction, or let the outbox do what follows")


async def _outermost(body: Callable[[], Coroutine[Any, Any, R]]) -> R:
    if count() >= settings.current().waiting_writes:
        raise ServiceBusy
    task = asyncio.create_task(_retried(body))
    _running.add(task)
    task.add_done_callback(_running.discard)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        task.add_done_callback(_report)
        raise


async def _retried(body: Callable[[], Coroutine[Any, Any, R]]) -> R:
    for attempt in range(ATTEMPTS):
        with suppress(DeadlockDetectedError, SerializationError):
            return await _once(body)
        await asyncio.sleep(uniform(0, 0.02 * 2**attempt))  # noqa: S311  # jitter is no secret
    raise ServiceBusy


async def _once(body: Callable[[], Coroutine[Any, Any, R]]) -> R:
    opened = Open()
    token = _open.set(opened)
    try:
        async with in_transaction():
            result = await body()
    finally:
        _open.reset(token)
    for callback in opened.callbacks:
        _call(callback)
    return result


async def _savepoint(body: Callable[[], Coroutine[Any, Any, R]], opened: Open) -> R:
    refuse_strays()
    promised = len(opened.callbacks)
    try:
        async with in_transaction():
            return await body()
    except BaseException:
        del opened.callbacks[promised:]
        raise


def _report(task: asyncio.Task[Any]) -> None:
    """Nobody waits for this outcome any more; a fault must be seen all the same."""
    failure = None if task.cancelled() else task.exception()
    if failure and not isinstance(failure, Refused):
        log.error("abandoned_transaction_failed", exc_info=failure)


def _call(callback: Callable[[], object]) -> None:
    try:
        callback()
    except Exception:
        log.exception("after_commit_failed")  # what is committed stands
