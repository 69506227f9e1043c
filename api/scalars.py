"""What may come in through a scalar: text every database can keep, times that name their offset."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from functools import wraps
from math import isfinite
from typing import Any
from unicodedata import combining
from uuid import UUID

import strawberry
from graphql import GraphQLError, GraphQLFloat, GraphQLID, GraphQLScalarType, GraphQLString
from strawberry.schema.types.scalar import DEFAULT_SCALAR_REGISTRY
from strawberry.types.scalar import ScalarDefinition

from api.ids import NodeId

MARKS = 30
"""in a row: as many as Unicode's stream-safe text has; to put more in order takes ever longer"""
EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)
"""days between which one can still count to and fro"""
LATE_MARKS = "\u0f73\u0f75\u0f81\uff9e\uff9f"
"""combining only once they are taken apart"""


def _storable(value: Any) -> Any:
    if isinstance(value, str) and "\0" in value:
        raise GraphQLError("Text cannot hold the character U+0000.")
    if isinstance(value, str) and not _is_unicode(value):
        raise GraphQLError("Text cannot hold half of a surrogate pair.")
    if isinstance(value, str) and not _is_stream_safe(value):
        raise GraphQLError(f"Text cannot hold more than {MARKS} combining marks in a row.")
    return value


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _is_stream_safe(text: str) -> bool:
    marks = 0
    for character in "" if text.isascii() else text:
        marks = marks + 1 if combining(character) or character in LATE_MARKS else 0
        if marks > MARKS:
            return False
    return True


def _finite(value: Any) -> Any:
    if not isfinite(value):
        raise GraphQLError("Float cannot represent a number that large.")
    return value


def _datetime(value: Any) -> datetime:
    try:
        moment = datetime.fromisoformat(value)
        return _with_offset(moment).astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        raise GraphQLError(
            "DateTime must be ISO 8601 with an offset, such as 2026-11-21T08:30:00Z."
        ) from None


def _with_offset(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError
    return moment


def _date(value: Any) -> date:
    try:
        day = date.fromisoformat(value)
    except (TypeError, ValueError):
        raise GraphQLError("Date must be ISO 8601, such as 2026-11-21.") from None
    if not EARLIEST <= day <= LATEST:
        raise GraphQLError(f"Date must be from {EARLIEST} to {LATEST}.")
    return day


def _time(value: Any) -> time:
    try:
        return datetime.strptime(value, "%H:%M").replace(tzinfo=UTC).time()
    except (TypeError, ValueError):
        raise GraphQLError("Time must be HH:MM, such as 22:30.") from None


def _id(value: str) -> NodeId:
    try:
        return NodeId.parse(value)
    except ValueError:
        raise GraphQLError("ID must be one that this service gave out.") from None


def _guard(scalar: GraphQLScalarType, check: Callable[[Any], Any]) -> None:
    """Check what a built-in scalar has read; GraphQL lets nobody replace these by their own."""
    literal = scalar.coerce_input_literal or scalar.parse_literal
    scalar.coerce_input_value = _then(check, scalar.coerce_input_value)
    scalar.coerce_input_literal = _then(check, literal)


def _then(check: Callable[[Any], Any], read: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(read)
    def checked(*args: Any) -> Any:
        return check(read(*args))

    return checked


_guard(GraphQLString, _storable)
_guard(GraphQLID, _id)
_guard(GraphQLFloat, _finite)

SCALARS: dict[object, ScalarDefinition] = {
    UUID: DEFAULT_SCALAR_REGISTRY[strawberry.ID],
    datetime: strawberry.scalar(
        name="DateTime",
        description="A moment: ISO 8601 with an offset. Answers are in UTC.",
        serialize=datetime.isoformat,
        parse_value=_datetime,
    ),
    date: strawberry.scalar(
        name="Date",
        description="A day: ISO 8601.",
        serialize=date.isoformat,
        parse_value=_date,
    ),
    time: strawberry.scalar(
        name="Time",
        description="A time of the day: HH:MM.",
        serialize=lambda value: value.isoformat("minutes"),
        parse_value=_time,
    ),
}
"""For StrawberryConfig(scalar_map=…)."""
