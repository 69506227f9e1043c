"""Calls to others: to an address that an operator named, and never into our own network."""

import asyncio
import socket
import ssl
from functools import cache
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import NamedTuple

import httpx

TIMEOUT = httpx.Timeout(10, connect=5)  # seconds
LONGEST = 65_536  # bytes of an answer


class NotReachable(Exception):
    """No answer, or one that says it did not work; it may be tried again."""


class PrivateAddress(NotReachable):
    """The name leads into our own network."""


class Answer(NamedTuple):
    status: int
    body: bytes
    """its first 64 KiB"""


async def post(
    url: str, *, content: bytes, headers: dict[str, str], private: bool = False
) -> bytes:
    """The body of an answer of success. Raises NotReachable."""
    answer = await ask("POST", url, content=content, headers=headers, private=private)
    if not 200 <= answer.status < 300:  # noqa: PLR2004  # what HTTP calls success
        raise NotReachable(f"HTTP {answer.status}")
    return answer.body


async def ask(
    method: str, url: str, *, content: bytes, headers: dict[str, str], private: bool = False
) -> Answer:
    """Whatever is answered. Raises NotReachable; `private` permits our own network."""
    try:
        return await _ask(method, httpx.URL(url), content, headers, private=private)
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as failure:
        raise NotReachable(type(failure).__name__) from None


async def _ask(
    method: str, url: httpx.URL, content: bytes, headers: dict[str, str], *, private: bool
) -> Answer:
    address = await resolved(url, private=private)
    known_as = {"host": url.netloc.decode(), **headers}
    async with (
        httpx.AsyncClient(trust_env=False, timeout=TIMEOUT, verify=_certificates()) as client,
        client.stream(
            method,
            url.copy_with(host=address),  # the one that was checked, whatever the name says next
            content=content,
            headers=known_as,
            extensions={"sni_hostname": url.host},
        ) as answer,
    ):
        return Answer(answer.status_code, await _beginning(answer))


async def resolved(url: httpx.URL, *, private: bool) -> str:
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(url.host, url.port or 443, type=socket.SOCK_STREAM)
    addresses = [str(socket_address[0]) for *_, socket_address in found]
    if not private and not all(_is_global(ip_address(address)) for address in addresses):
        raise PrivateAddress
    return addresses[0]


def _is_global(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return address.is_global and not address.is_multicast


async def _beginning(answer: httpx.Response) -> bytes:
    beginning = b""
    async for part in answer.aiter_bytes():
        beginning += part
        if len(beginning) >= LONGEST:
            break
    return beginning[:LONGEST]


@cache
def _certificates() -> ssl.SSLContext:
    return ssl.create_default_context()
