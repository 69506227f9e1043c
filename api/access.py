"""Every request gets an id, a line in the log and its place among the figures.

The line tells which pattern the path matched, not the path: that may hold the name of a picture.
"""

import re
from http import HTTPStatus
from secrets import token_hex
from time import perf_counter

import structlog
from starlette.requests import ClientDisconnect, HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import bind_contextvars, clear_contextvars

from api import answers
from api.metrics import SOCKETS, UNDER_WAY, requests

log = structlog.get_logger(__name__)

WELL_FORMED = re.compile(b"[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
METHODS = {"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"}

PROBES = {"/healthz", "/readyz", "/metrics"}
"""machines ask for them again and again; only what is wrong is worth a line"""

GONE = 499  # as nginx has it: the client left before there was an answer
LOST = 1006  # as RFC 6455 has it: the connection ended without a word


class Access:
    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        request_id = _request_id(scope)
        clear_contextvars()
        bind_contextvars(request_id=request_id)
        if scope["type"] == "websocket":
            await self._converse(scope, receive, send)
        else:
            await self._answer(scope, receive, Answer(send, request_id))

    async def _answer(self, scope: Scope, receive: Receive, answer: "Answer") -> None:
        began = perf_counter()
        UNDER_WAY.inc()
        try:
            await self.app(scope, receive, answer.send)
        except ClientDisconnect:
            pass  # nobody is there to hear
        except Exception:
            if answer.status != GONE:
                raise  # too late to say so
            log.exception("request.failed")
            await answers.fault(HTTPConnection(scope))(scope, receive, answer.send)
        finally:
            UNDER_WAY.dec()
            _note(scope, answer.status, perf_counter() - began)

    async def _converse(self, scope: Scope, receive: Receive, send: Send) -> None:
        began, closing = perf_counter(), Closing(receive, send)
        try:
            with SOCKETS.track_inprogress():
                await self.app(scope, closing.receive, closing.send)
        finally:
            seconds = round(perf_counter() - began, 1)
            log.info("socket", route=_route(scope), code=closing.code, seconds=seconds)


class Answer:
    """What goes out: it bears the request's id, and its status is noted."""

    def __init__(self, send: Send, request_id: str) -> None:
        self._send = send
        self._id = request_id.encode()
        self.status = GONE

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message.get("headers", ()), (b"x-request-id", self._id)]
            self.status = message["status"]
        await self._send(message)


class Closing:
    """Notes the code with which either side closes a socket."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive = receive
        self._send = send
        self.code = LOST

    async def receive(self) -> Message:
        return self._noted(await self._receive())

    async def send(self, message: Message) -> None:
        await self._send(self._noted(message))

    def _noted(self, message: Message) -> Message:
        if self.code == LOST and message["type"] in {"websocket.close", "websocket.disconnect"}:
            self.code = message.get("code", LOST)
        return message


def _note(scope: Scope, status: int, seconds: float) -> None:
    method, route = scope["method"] if scope["method"] in METHODS else "other", _route(scope)
    requests(method, route, status).observe(seconds)
    if route not in PROBES or status >= HTTPStatus.BAD_REQUEST:
        log.info("request", method=method, route=route, status=status, ms=round(seconds * 1000, 1))


def _route(scope: Scope) -> str:
    return str(scope["route"].path) if "route" in scope else "none"


def _request_id(scope: Scope) -> str:
    """Who asks may name the request, as proxies do, but only in a form that can say nothing."""
    given = next((value for name, value in scope["headers"] if name == b"x-request-id"), b"")
    return given.decode().lower() if WELL_FORMED.fullmatch(given) else token_hex(16)
