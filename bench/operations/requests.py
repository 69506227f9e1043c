"""Who asks for what: makers of requests, endless or many."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count, cycle
from typing import Any, NamedTuple
from uuid import UUID

from bench import company
from bench.company import STAFF, Size
from core.people import Grants

READERS = 64


class Asked(NamedTuple):
    person: int
    variables: Mapping[str, Any] = {}


Requests = Callable[[Size], Iterator[Asked]]


@dataclass(frozen=True)
class Operation:
    requests: Requests
    undo: tuple[str, ...] = ()  # SQL after each round, where there would be nothing left to do


def id(tag: str, id: UUID) -> str:
    return f"{tag}_{id.hex}"


def alike(**variables: Any) -> Requests:
    """The same for many readers."""
    return lambda size: (Asked(n % min(READERS, size.people), variables) for n in count())


def by_everybody(**variables: Any) -> Requests:
    return lambda size: (Asked(n, variables) for n in range(size.people))


def by_staff(grant: Grants, **variables: Any) -> Requests:
    """The same for all who carry this grant."""

    def asked(size: Size) -> Iterator[Asked]:
        staff = range(size.people - STAFF, size.people)
        carrying = [n for n in staff if company.grants(n, size) & grant]
        return (Asked(n, variables) for n in cycle(carrying))

    return asked
