"""How refusals and faults look from outside."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol, Self
from uuid import uuid4

import asyncpg
import strawberry
import structlog
from graphql import GraphQLError
from graphql.language import ValueNode
from starlette.requests import HTTPConnection
from strawberry.exceptions import StrawberryInputCoercionError
from tortoise.exceptions import DBConnectionError, OperationalError

from core.errors import Kind, Refused, ServiceBusy
from core.text import Language, Text, negotiate

log = structlog.get_logger(__name__)

UNEXPECTED = Text("Unexpected error", "出了意外的问题", "出了意外的問題")

LONGEST_MESSAGE = 500
"""characters; a message may quote the document"""

UNAVAILABLE = (
    TimeoutError,
    ConnectionError,
    DBConnectionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.LockNotAvailableError,
    asyncpg.OperatorInterventionError,
    asyncpg.PostgresConnectionError,
    asyncpg.TransactionRollbackError,
)

strawberry.enum(Kind, name="RefusalKind", description="What a refusal is about.")


class Reader(Protocol):
    """Who reads the answer, and by which id the log knows the request."""

    @property
    def language(self) -> Language: ...
    @property
    def request_id(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Stranger:
    """A reader of whom nothing but the headers is known."""

    language: Language
    request_id: str

    @classmethod
    def of(cls, connection: HTTPConnection) -> Self:
        bound = structlog.contextvars.get_contextvars()
        language = negotiate(connection.headers.get("accept-language", ""))
        return cls(language, bound.get("request_id") or uuid4().hex)


@strawberry.type(description="The request was understood and turned down; nothing changed.")
class Refusal:
    tells: ClassVar[type[Refused]] = Refused  # what a more specific member tells of

    code: str = strawberry.field(description="The refusal's stable name, such as OWN_POST.")
    kind: Kind
    message: str = strawberry.field(description="For people, in the language they asked for.")

    @classmethod
    def of(cls, refused: Refused, language: Language) -> Self:
        return cls(code=refused.code, kind=refused.kind, message=refused.message(language))


def entries(errors: Sequence[GraphQLError], reader: Reader) -> list[dict[str, Any]]:
    """The `errors` of an answer; faults of ours are logged here, each once."""
    for cause in {id(cause): cause for cause in filter(None, map(fault, errors))}.values():
        log.error("request.failed", request_id=reader.request_id, exc_info=cause)
    return [_entry(error, reader) for error in errors]


def _entry(error: GraphQLError, reader: Reader) -> dict[str, Any]:
    message, extensions = _told(error, reader.language)
    extensions["requestId"] = reader.request_id
    return {**error.formatted, "message": message, "extensions": extensions}


def _told(error: GraphQLError, language: Language) -> tuple[str, dict[str, Any]]:
    if refused := refusal(error):
        return refused.message(language), {"code": refused.code, "kind": refused.kind}
    if _is_explained(error):
        code = (error.extensions or {}).get("code", "BAD_USER_INPUT")
        return error.message[:LONGEST_MESSAGE], {"code": code, "kind": Kind.INVALID}
    return UNEXPECTED.to(language), {"code": "INTERNAL"}


def fault(error: GraphQLError) -> Exception | None:
    """What is nobody's doing but ours, if that is what it is."""
    if refusal(error) or _is_explained(error):
        return None
    return error.original_error or error


def refusal(error: GraphQLError) -> Refused | None:
    """What a caller can understand and act on, if that is what it is."""
    cause = error.original_error
    if isinstance(cause, Refused):
        return cause
    return ServiceBusy() if cause and _is_unavailability(cause) else None


def _is_explained(error: GraphQLError) -> bool:
    """Whether the document or a value in it is wrong, which its author should hear about.

    An error with a path comes from execution: ours, unless it points at a value of the document.
    """
    node, cause = next(iter(error.nodes or ()), None), error.original_error
    if error.path is None:
        return node is not None or isinstance(cause, GraphQLError | None)
    return isinstance(node, ValueNode) or isinstance(cause, StrawberryInputCoercionError)


def _is_unavailability(cause: Exception) -> bool:
    if isinstance(cause, OperationalError) and cause.args:
        cause = cause.args[0]
    if isinstance(cause, sqlite3.OperationalError):
        return cause.sqlite_errorcode & 0xFF in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
    return isinstance(cause, UNAVAILABLE)
