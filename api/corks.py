"""Head and body of an answer go out together: to send each by itself costs as much again."""

from asyncio import Transport
from typing import Any


class Cork:
    """A transport as an answer sees it: the first that is written waits for the second."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._head: bytes | None = None
        self._open = False

    def write(self, data: bytes) -> None:
        if self._open:
            self._transport.write(data)
        elif self._head is None:
            self._head = data
        else:
            self._open = True
            self._transport.write(self._head + data)

    def close(self) -> None:
        if self._head and not self._open:
            self._transport.write(self._head)
        self._transport.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)
