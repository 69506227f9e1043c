"""Figures for Prometheus. Their labels are few, and none tells of a person."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Collection
from functools import cache
from math import nan
from time import perf_counter
from typing import Any, TypeVar

import structlog
from graphql import ExecutionResult
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)

from api import errors, watch
from api.execution import Execution
from api.operations import Operation
from core import events, transactions
from core.database import db
from core.events import Backlog
from core.messaging import announcements, deliveries

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
PATIENCE = 1.0  # seconds for the database to tell its figures

disable_created_metrics()  # type: ignore[no-untyped-call]  # they would double the series
REGISTRY = CollectorRegistry()
ProcessCollector(registry=REGISTRY)

REQUESTS = Histogram(
    "breakroom_request_seconds",
    "HTTP requests, by the pattern of their path",
    ["method", "route", "status"],
    buckets=SECONDS,
    registry=REGISTRY,
)
OPERATIONS = Histogram(
    "breakroom_operation_seconds",
    "GraphQL operations, by name if their document is registered",
    ["operation", "outcome"],
    buckets=SECONDS,
    registry=REGISTRY,
)
UNPLANNED = Counter(
    "breakroom_unplanned_operations",
    "GraphQL operations that graphql-core ran, for want of a plan",
    registry=REGISTRY,
)

#: The labels are few, and to look for their series again costs as much as to count.
requests, operations = cache(REQUESTS.labels), cache(OPERATIONS.labels)


def _gauge(name: str, meaning: str, *labels: str) -> Gauge:
    return Gauge(f"breakroom_{name}", meaning, labels, registry=REGISTRY)


UNDER_WAY = _gauge("requests", "HTTP requests under way")
SOCKETS = _gauge("sockets", "WebSockets that are open")
STREAMS = _gauge("streams", "Subscriptions under way")
WRITES = _gauge("writes", "Transactions under way or waiting for their turn")
CONNECTIONS = _gauge("database_connections", "Connections to the database", "state")
DATABASE_UP = _gauge("database_up", "Whether the database answers")
WAITING = _gauge("outbox_waiting", "Events that are due and not delivered")
LAG = _gauge("outbox_lag_seconds", "Age of the oldest event that waits")
FAILED = _gauge("outbox_failed", "Events set aside because they keep failing")
ASIDE = _gauge("messages_failed", "Messages to phones, messengers and robots that were set aside")

Result = TypeVar("Result", bound=AsyncGenerator[ExecutionResult, None] | ExecutionResult)


async def exposition() -> bytes:
    """All figures, in Prometheus's text format."""
    usage = db.usage()
    CONNECTIONS.labels("busy").set(usage.busy)
    CONNECTIONS.labels("idle").set(usage.open - usage.busy)
    STREAMS.set(watch.count())
    WRITES.set(transactions.count())
    (waiting, lag, failed), aside = await _asked() or ((nan, nan, nan), nan)
    WAITING.set(waiting)
    LAG.set(lag)
    FAILED.set(failed)
    ASIDE.set(aside)
    return generate_latest(REGISTRY)


async def _asked() -> tuple[Backlog, int] | None:
    """None, if the database does not answer; the other figures are told all the same."""
    try:
        async with asyncio.timeout(PATIENCE):
            aside = await deliveries.failed_count() + await announcements.failed_count()
            told = (await events.backlog(), aside)
    except Exception:  # noqa: BLE001  # whatever it is, it is told as a figure
        told = None
    DATABASE_UP.set(told is not None)
    return told


class Counted:
    """Another execution, its operations counted: by name if that is known (None: all are).

    Other names are made up by whoever asks: there is no end to them, and they may say anything.
    """

    def __init__(self, execution: Execution, known: Collection[str] | None) -> None:
        self.execution = execution
        self.known = known

    async def execute(
        self, operation: Operation, variables: dict[str, Any], context: Any
    ) -> ExecutionResult:
        running = self.execution.execute(operation, variables, context)
        return await self._count(operation, running)

    async def subscribe(
        self, operation: Operation, variables: dict[str, Any], context: Any
    ) -> AsyncGenerator[ExecutionResult, None] | ExecutionResult:
        running = self.execution.subscribe(operation, variables, context)
        return await self._count(operation, running)

    async def _count(self, operation: Operation, running: Awaitable[Result]) -> Result:
        began, outcome = perf_counter(), "unfinished"
        try:
            result = await running
            outcome = _outcome(result)
        finally:
            name = self._name(operation)
            operations(name, outcome).observe(perf_counter() - began)
            structlog.contextvars.bind_contextvars(operation=name, outcome=outcome)
        return result

    def _name(self, operation: Operation) -> str:
        is_known = self.known is None or operation.name in self.known
        return operation.name if operation.name and is_known else "other"


def _outcome(result: AsyncGenerator[ExecutionResult, None] | ExecutionResult) -> str:
    found = result.errors if isinstance(result, ExecutionResult) else None
    if not found:
        return "ok"
    return "failed" if any(map(errors.fault, found)) else "refused"
