"""What is to be sent, and what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass

CONNECTIONS = 16


class Refused(Exception):
    """An answer was not as hoped."""


@dataclass(frozen=True)
class Job:
    port: int
    requests: Sequence[bytes]  # each a whole HTTP request
    seconds: float
    once: bool = False  # end when all are sent, rather than begin again
    unwanted: bytes = b'"errors":'  # in an answer
    connections: int = CONNECTIONS


@dataclass(frozen=True)
class Outcome:
    seconds: float
    answered: int
    p99: float  # seconds
    refused: str  # an answer that was not as hoped
