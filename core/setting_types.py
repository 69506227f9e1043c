"""What settings may hold; what is said of a wrong value tells how it should be."""

from datetime import date
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, IPvAnyNetwork
from pydantic_settings import NoDecode

LOOPBACK = (ip_network("127.0.0.0/8"), ip_network("::1"))


def _url(*schemes: str) -> AfterValidator:
    def check(url: str) -> str:
        if url and url.partition("://")[0] not in schemes:
            raise ValueError(f"begin it with {' or '.join(f'{scheme}://' for scheme in schemes)}")
        return url

    return AfterValidator(check)


def _zone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (LookupError, ValueError, OSError):
        raise ValueError("name a time zone such as Asia/Shanghai") from None


def _day(day: str) -> str:
    try:
        date.fromisoformat(f"2001-{day}")  # no leap year: the day comes every year
    except ValueError:
        raise ValueError("write month and day, as 03-31") from None
    return day


def _existing(path: Path | None) -> Path | None:
    if path and not path.exists():
        raise ValueError("there is no such file or folder")
    return path


def _listed(given: str | tuple[object, ...]) -> list[str] | tuple[object, ...]:
    return given.replace(",", " ").split() if isinstance(given, str) else given


DatabaseUrl = Annotated[str, _url("postgres", "postgresql", "asyncpg", "sqlite")]
RedisUrl = Annotated[str, _url("redis", "rediss", "unix")]
WebUrl = Annotated[str, _url("https", "http")]
Zone = Annotated[str, AfterValidator(_zone)]
YearDay = Annotated[str, AfterValidator(_day)]
Existing = Annotated[Path | None, AfterValidator(_existing)]

Networks = Annotated[tuple[IPvAnyNetwork, ...], NoDecode, BeforeValidator(_listed)]
"""separated by commas or spaces, as are ..."""
Words = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed)]
