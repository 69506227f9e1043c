"""One request and its answer, outside of any measuring."""

import asyncio
from typing import Any

import orjson

from bench.load.job import Refused


async def ask(port: int, request: bytes) -> Any:
    """The answer's JSON. Raises Refused, OSError."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0])
        body = await reader.readexactly(length)
    finally:
        writer.close()
    answer = orjson.loads(body)
    if not head.startswith(b"HTTP/1.1 200") or "errors" in answer:
        raise Refused((head + body).decode(errors="replace"))
    return answer
