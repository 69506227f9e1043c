"""A WebSocket without a network, and a client that speaks graphql-transport-ws on it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import orjson

from api.graph import Graph

PROTOCOL = "graphql-transport-ws"


@asynccontextmanager
async def connected(
    graph: Graph, *protocols: str, headers: dict[str, str] | None = None
) -> AsyncIterator["Client"]:
    scope = {
        "type": "websocket",
        "path": "/graphql",
        "subprotocols": list(protocols),
        "headers": [(k.encode(), v.encode()) for k, v in (headers or {}).items()],
    }
    client = Client()
    client.sent.put_nowait({"type": "websocket.connect"})
    serving = asyncio.create_task(graph(scope, client.sent.get, client.received.put))
    client.accepted = await client.received.get()
    yield client
    client.sent.put_nowait({"type": "websocket.disconnect", "code": 1000})
    await serving


class Client:
    accepted: dict[str, Any]

    def __init__(self) -> None:
        self.sent: asyncio.Queue[Any] = asyncio.Queue()
        self.received: asyncio.Queue[Any] = asyncio.Queue()

    async def init(self, **payload: Any) -> None:
        self.send(type="connection_init", payload=payload)
        assert await self.message() == {"type": "connection_ack"}

    def subscribe(self, query: str, id: str = "1", **payload: Any) -> None:
        self.send(type="subscribe", id=id, payload={"query": query, **payload})

    def send(self, **message: Any) -> None:
        self.send_text(orjson.dumps(message).decode())

    def send_text(self, text: str) -> None:
        self.sent.put_nowait({"type": "websocket.receive", "text": text})

    async def message(self) -> dict[str, Any]:
        received = await asyncio.wait_for(self.received.get(), 10)
        assert received["type"] == "websocket.send", received
        return orjson.loads(received["text"])

    async def closed(self) -> tuple[int, str]:
        """Why it was closed; everything before is passed over."""
        while (received := await asyncio.wait_for(self.received.get(), 10))["type"] != (
            "websocket.close"
        ):
            pass
        return received["code"], received["reason"]
