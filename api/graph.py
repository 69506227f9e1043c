"""The endpoint: GraphQL over HTTP; a WebSocket is handed on to its own protocol."""

import asyncio
from collections.abc import Awaitable, Callable

import strawberry
from graphql import ExecutionResult, OperationType
from starlette.requests import ClientDisconnect, HTTPConnection, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket

from api import documents, errors, parameters, sockets
from api.documents import Documents
from api.engine import compiled, told
from api.errors import Reader, Stranger
from api.execution import Execution, answer, failed, has_run
from api.operations import Operation
from api.parameters import BadRequest, MethodNotAllowed
from core import settings
from core.errors import Kind
from core.settings import Settings
from core.text import Text

MEDIA_TYPE = "application/graphql-response+json"
LEGACY_MEDIA_TYPE = "application/json"

STATUS = {Kind.UNAUTHENTICATED: 401, Kind.BUSY: 503}


class OnlyQueriesByGet(BadRequest):
    status = 405
    text = Text(
        "GET is for queries only; use POST.",
        "GET 只能用于查询，请使用 POST。",
        "GET 只能用於查詢，請使用 POST。",
    )


class SubscriptionsBySocket(BadRequest):
    text = Text(
        "Subscriptions go over a WebSocket, by graphql-transport-ws.",
        "订阅请通过 WebSocket（graphql-transport-ws）进行。",
        "訂閱請透過 WebSocket（graphql-transport-ws）進行。",
    )


class Graph:
    """An ASGI application. `context` makes what resolvers see as `info.context`, a Reader."""

    def __init__(
        self,
        schema: strawberry.Schema,
        *,
        context: Callable[[HTTPConnection], Awaitable[Reader]],
        execution: Execution | None = None,
        chosen: Settings | None = None,
    ) -> None:
        chosen = chosen or settings.current()
        self.context = context
        self.seconds = chosen.request_seconds
        self.execution = execution or compiled.execution(schema, chosen)
        self.documents = Documents(
            schema._schema,  # noqa: SLF001  # Strawberry hands it out nowhere else
            documents.registered(chosen.documents),
            registered_only=chosen.registered_documents_only,
            introspection=chosen.development,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await sockets.serve(self, WebSocket(scope, receive, send))
            return
        try:
            response = await self._respond(Request(scope, receive))
        except ClientDisconnect:
            return
        await response(scope, receive, send)

    async def _respond(self, request: Request) -> Response:
        reader: Reader | None = None
        try:
            async with asyncio.timeout(self.seconds):
                asked = await parameters.read(request)
                operation = self.documents.operation(asked)
                _check_method(request, operation)
                reader = await self.context(request)
                result = await self.execution.execute(operation, asked.variables, reader)
        except ClientDisconnect:
            raise
        except Exception as cause:  # noqa: BLE001  # told if expected, else masked and logged
            result = failed(cause)
        reader = reader or Stranger.of(request)
        return _response(result, reader, strict=MEDIA_TYPE in request.headers.get("accept", ""))


def _check_method(request: Request, operation: Operation) -> None:
    if operation.kind is OperationType.SUBSCRIPTION:
        raise SubscriptionsBySocket
    if operation.kind is OperationType.MUTATION and request.method == "GET":
        raise OnlyQueriesByGet


def _response(result: ExecutionResult, reader: Reader, *, strict: bool) -> Response:
    media_type = MEDIA_TYPE if strict else LEGACY_MEDIA_TYPE
    status = _status(result, strict=strict)
    headers = {"content-type": f"{media_type}; charset=utf-8"}
    if status == MethodNotAllowed.status:
        headers["allow"] = "GET, POST"
    return Response(told.dumps(answer(result, reader)), status, headers)


def _status(result: ExecutionResult, *, strict: bool) -> int:
    if has_run(result) or not result.errors:
        return 200
    refused = errors.refusal(result.errors[0])
    if isinstance(refused, BadRequest):
        return refused.status
    if refused and refused.kind in STATUS:
        return STATUS[refused.kind]
    if errors.fault(result.errors[0]):
        return 500
    return 400 if strict else 200
