"""Where notices go: a real HTTP server that acts as WeCom, DingTalk, Feishu and a push service."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

from tests.core.makers import chosen

TOKENS = {
    "/cgi-bin/gettoken",
    "/gettoken",
    "/open-apis/auth/v3/tenant_access_token/internal",
}


class Received(NamedTuple):
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Receiver:
    url: str = ""
    answers: list[tuple[int, Any]] = field(default_factory=list)
    """what messages are answered with, one after the other; then all is well"""
    messages: list[Received] = field(default_factory=list)
    grants: list[Received] = field(default_factory=list)
    tokens: Any = field(default_factory=lambda: count(1))
    seconds: int = 7200

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        received = await _read(reader)
        status, said = self._answer(received)
        content = said if isinstance(said, bytes) else json.dumps(said).encode()
        head = f"HTTP/1.1 {status} -\r\ncontent-length: {len(content)}\r\nconnection: close\r\n\r\n"
        writer.write(head.encode() + content)
        await writer.drain()
        writer.close()

    def _answer(self, received: Received) -> tuple[int, Any]:
        if received.path in TOKENS:
            self.grants.append(received)
            token = f"token-{next(self.tokens)}"
            known = {"access_token": token, "expires_in": self.seconds, "errcode": 0}
            return 200, known | {"tenant_access_token": token, "expire": self.seconds, "code": 0}
        self.messages.append(received)
        fine = 201 if received.path.startswith("/push/") else 200
        return self.answers.pop(0) if self.answers else (fine, {"errcode": 0, "code": 0})


async def _read(reader: asyncio.StreamReader) -> Received:
    first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
    headers = {name.lower(): value for name, _, value in (x.partition(": ") for x in lines if x)}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    method, target, _ = first.split(" ")
    url = urlsplit(target)
    return Received(method, url.path, dict(parse_qsl(url.query)), headers, body)


@asynccontextmanager
async def receiving(**settings: str) -> AsyncIterator[Receiver]:
    """`{url}` in a setting is where the server is."""
    receiver = Receiver()
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", 0)
    receiver.url = f"http://localhost:{server.sockets[0].getsockname()[1]}"
    given = {name: value.format(url=receiver.url) for name, value in settings.items()}
    with chosen(notices_private="true", **given):
        async with server:
            yield receiver


WECOM = {"wecom_url": "{url}", "wecom_corp": "ww1", "wecom_agent": "7", "wecom_secret": "s3cret"}
DINGTALK = {
    "dingtalk_url": "{url}",
    "dingtalk_key": "ding1",
    "dingtalk_agent": "8",
    "dingtalk_secret": "s3cret",
}
FEISHU = {"feishu_url": "{url}", "feishu_app": "cli1", "feishu_secret": "s3cret"}
PUSH = {"push_contact": "mailto:ops@example.com"}
