"""GraphQL over a WebSocket: graphql-transport-ws, and no older protocol."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from typing import TYPE_CHECKING, Any

import orjson
from graphql import ExecutionResult, OperationType
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from api import limits
from api.engine import told
from api.errors import Reader, Stranger
from api.execution import answer, failed, has_run
from api.operations import Operation
from api.parameters import BadRequest, Parameters
from core.errors import Busy, Refused
from core.text import Text

if TYPE_CHECKING:
    from api.graph import Graph

PROTOCOL = "graphql-transport-ws"
AT_ONCE = 10
"""operations under way on one socket"""
INIT_SECONDS = 10
LONGEST_REASON = 123
"""bytes; a close frame has no room for more"""
HEADERS_IN_INIT = ("authorization", "accept-language")

Results = AsyncGenerator[ExecutionResult, None]


class TooManyOperations(Busy):
    text = Text(
        "Complete another operation first; {limit} may run at once.",
        "请先结束其他操作：同时最多运行 {limit} 个。",
        "請先結束其他操作：同時最多執行 {limit} 個。",
    )


class Closed(Exception):
    """The client broke the protocol: the socket closes with a code and a reason."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(code, reason)
        self.code = code
        self.reason = reason.encode()[:LONGEST_REASON].decode(errors="ignore")


async def serve(graph: "Graph", websocket: WebSocket) -> None:
    if PROTOCOL not in websocket["subprotocols"]:
        await websocket.accept()
        await websocket.close(4406, "Subprotocol not acceptable")
        return
    await websocket.accept(PROTOCOL)
    try:
        await Conversation(graph, websocket).hold()
    except Closed as closed:
        with suppress(WebSocketDisconnect):
            await websocket.close(closed.code, closed.reason)


class Conversation:
    def __init__(self, graph: "Graph", websocket: WebSocket) -> None:
        self.graph = graph
        self.websocket = websocket
        self.caller: HTTPConnection | None = None
        self.running: dict[str, asyncio.Task[None]] = {}

    async def hold(self) -> None:
        """Until the client leaves; raises Closed."""
        try:
            async with asyncio.timeout(INIT_SECONDS) as patience:
                await self._listen(patience)
        except TimeoutError:
            if not patience.expired():
                raise
            raise Closed(4408, "Connection initialisation timeout") from None
        finally:
            await self._stop()

    async def _listen(self, patience: asyncio.Timeout) -> None:
        while (received := await self.websocket.receive())["type"] != "websocket.disconnect":
            await self._handle(_message(received.get("text")))
            if self.caller:
                patience.reschedule(None)
            await asyncio.sleep(0)  # who sends without a pause gets one turn like everybody else

    async def _stop(self) -> None:
        for task in self.running.values():
            task.cancel()
        await asyncio.gather(*self.running.values(), return_exceptions=True)

    async def _handle(self, message: Any) -> None:
        match message:
            case {"type": "connection_init"}:
                await self._init(message.get("payload"))
            case {"type": "ping"}:
                await self._send(type="pong")
            case {"type": "pong"}:
                pass
            case {"type": "subscribe", "id": str(id), "payload": payload}:
                await self._subscribe(id, payload)
            case {"type": "complete", "id": str(id)}:
                self._complete(id)
            case _:
                raise Closed(4400, "Invalid message")

    async def _init(self, payload: Any) -> None:
        if not isinstance(payload, dict | None):
            raise Closed(4400, "The payload must be an object")
        if self.caller:
            raise Closed(4429, "Too many initialisation requests")
        self.caller = _caller(self.websocket, payload or {})
        try:
            await self.graph.context(self.caller)
        except Refused:
            raise Closed(4403, "Forbidden") from None
        await self._send(type="connection_ack")

    async def _subscribe(self, id: str, payload: Any) -> None:
        if self.caller is None:
            raise Closed(4401, "Unauthorized")
        if id in self.running:
            raise Closed(4409, f"Subscriber for {id[:20]} already exists")
        try:
            asked = Parameters.of(payload)
        except BadRequest as wrong:
            raise Closed(4400, wrong.message("en")) from None
        if len(self.running) == AT_ONCE:
            await self._refuse(id, TooManyOperations(limit=AT_ONCE), Stranger.of(self.caller))
        else:
            self.running[id] = asyncio.create_task(self._run(id, asked, self.caller))

    def _complete(self, id: str) -> None:
        if task := self.running.pop(id, None):
            task.cancel()

    async def _run(self, id: str, asked: Parameters, caller: HTTPConnection) -> None:
        reader: Reader = Stranger.of(caller)
        try:
            operation = self.graph.documents.operation(asked)
            reader = await self.graph.context(caller)
            await self._tell(id, self._results(operation, asked.variables, reader), reader)
        except Exception as cause:  # noqa: BLE001  # told if expected, else masked and logged
            await self._refuse(id, cause, reader)

    async def _tell(self, id: str, results: Results, reader: Reader) -> None:
        async with aclosing(results):
            async for result in results:
                told = answer(result, reader)
                if not has_run(result):
                    return await self._end(id, type="error", payload=told["errors"])
                await self._send(type="next", id=id, payload=told)
        return await self._end(id, type="complete")

    async def _results(
        self, operation: Operation, variables: dict[str, Any], context: Reader
    ) -> Results:
        subscribes = operation.kind is OperationType.SUBSCRIPTION
        execution = self.graph.execution
        begin = execution.subscribe if subscribes else execution.execute
        async with asyncio.timeout(self.graph.seconds):
            begun = await begin(operation, variables, context)
        if isinstance(begun, ExecutionResult):
            yield begun
            return
        async with aclosing(begun):
            async for result in begun:
                yield result

    async def _refuse(self, id: str, cause: Exception, reader: Reader) -> None:
        await self._end(id, type="error", payload=answer(failed(cause), reader)["errors"])

    async def _end(self, id: str, **message: Any) -> None:
        self.running.pop(id, None)  # free before the client hears of it
        await self._send(id=id, **message)

    async def _send(self, **message: Any) -> None:
        if self.websocket.application_state is WebSocketState.CONNECTED:
            with suppress(WebSocketDisconnect, RuntimeError):  # both say that the client has left
                await self.websocket.send_text(told.dumps(message).decode())


def _message(text: str | None) -> Any:
    if text is None:
        raise Closed(4400, "Messages must be text")
    if len(text) > limits.BODY:
        raise Closed(1009, "Message too big")
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        raise Closed(4400, "Messages must be JSON") from None


def _caller(websocket: WebSocket, payload: dict[str, Any]) -> HTTPConnection:
    """The handshake, with what a browser cannot put into its headers."""
    headers = MutableHeaders(raw=[*websocket.scope["headers"]])
    for name, value in payload.items():
        if name.lower() in HEADERS_IN_INIT and isinstance(value, str) and value.isascii():
            headers[name] = value
    return HTTPConnection({**websocket.scope, "headers": headers.raw})
