"""The whole application under other settings, asked from any address."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx

from api.app import app


@asynccontextmanager
async def client(address: str = "127.0.0.1", **options: Any) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app(), client=(address, 50000))
    async with httpx.AsyncClient(transport=transport, base_url="http://test", **options) as http:
        yield http


async def get(path: str, address: str = "127.0.0.1", **headers: str) -> httpx.Response:
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    async with client(address, headers=headers) as http:
        return await http.get(path)
