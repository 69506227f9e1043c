"""Dawdlers: whoever does not come to the end of a request is hung up on."""

from asyncio import TimerHandle, Transport

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from api.corks import Cork

LONGEST_HEAD = 65_536  # bytes
PATIENCE = 10  # seconds for a head, and for the rest of a body once it is answered


class HangingUp(HttpToolsProtocol):
    """uvicorn's protocol, which itself takes heads without end and bodies that nobody reads."""

    waiting: TimerHandle | None = None
    in_head = False
    received = 0  # bytes of the head

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]  # as there
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.in_head, self.received = True, 0
        self._wait()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self.received += len(data)
        if self.in_head and self.received > LONGEST_HEAD:
            self.transport.abort()

    def on_headers_complete(self) -> None:
        self.in_head = False
        self._stop_waiting()
        before = self.cycle
        super().on_headers_complete()
        if self.cycle is not before and self.scope["method"] == "POST":
            self._cork()

    def _cork(self) -> None:
        """Unless the client waits to be told to go on."""
        if not self.expect_100_continue:
            self.cycle.transport = Cork(self.transport)  # type: ignore[assignment]  # all it needs

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.cycle.response_complete and self.cycle.more_body:
            self._wait()

    def _wait(self) -> None:
        self._stop_waiting()
        self.waiting = self.loop.call_later(PATIENCE, self.transport.abort)

    def _stop_waiting(self) -> None:
        if self.waiting:
            self.waiting.cancel()
            self.waiting = None
