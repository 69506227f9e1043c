"""Phones that follow a group over a WebSocket, by graphql-transport-ws."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

from community.activity import Activity
from community.groups import Group
from core.people import Person
from tests.makers import a_token, node, operation

PROTOCOL = "graphql-transport-ws"
PATIENCE = 10  # seconds


class Phone:
    def __init__(self, wire: ClientConnection) -> None:
        self.wire = wire
        self.ids = map(str, count(1))

    async def send(self, **message: Any) -> None:
        await self.wire.send(json.dumps(message))

    async def hear(self) -> Any:
        async with asyncio.timeout(PATIENCE):
            return json.loads(await self.wire.recv())

    async def ask(self, document: str, name: str | None = None, **variables: Any) -> str:
        id = next(self.ids)
        payload = {"query": document, "operationName": name, "variables": variables}
        await self.send(type="subscribe", id=id, payload=payload)
        return id

    async def follow(self, group: Group, *, after: str | None = None) -> str:
        document, _ = operation("GroupActivity")
        return await self.ask(document, group=node("group", group), after=after)

    async def news(self) -> Any:
        """The next thing that happened."""
        message = await self.hear()
        assert message["type"] == "next", message
        assert "errors" not in message["payload"], message
        [news] = message["payload"]["data"].values()
        return news

    async def refusal(self) -> Any:
        """What ended the operation: code and kind."""
        message = await self.hear()
        assert message["type"] == "error", message
        [error] = message["payload"]
        return error["extensions"]["code"], error["extensions"]["kind"]


@asynccontextmanager
async def calling(address: str, by: Person, token: str | None = None) -> AsyncIterator[Phone]:
    token = token or await a_token(by)
    async with connect(
        f"ws://{address}/graphql",
        subprotocols=[PROTOCOL],
        proxy=None,
        max_queue=None,  # whoever hangs up behind a full one waits 10 s for the other's goodbye
    ) as wire:
        phone = Phone(wire)
        await phone.send(type="connection_init", payload={"Authorization": f"Bearer {token}"})
        assert await phone.hear() == {"type": "connection_ack"}
        yield phone


def beginning(group: Group) -> str:
    """The cursor before everything that ever happens in a group."""
    return Activity(group_id=group.id, seq=0).cursor
