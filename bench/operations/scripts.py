"""What an operation sends to the database, to be sent again."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Any, NamedTuple
from uuid import UUID


class Request(NamedTuple):
    token: str
    body: bytes


class Call(NamedTuple):
    """Of a method of the driver's connection."""

    method: str
    sql: str
    values: tuple[Any, ...] = ()


BEGIN, ROLLBACK = Call("execute", "BEGIN;"), Call("execute", "ROLLBACK;")

Step = list[Call]  # by one connection, which is given back after it


@dataclass(frozen=True)
class Script:
    answer: bytes
    steps: list[Step]

    @property
    def statements(self) -> int:
        return sum(map(len, self.steps))


def steps(calls: Iterable[Call]) -> list[Step]:
    """Out of calls within a transaction that is undone: its savepoints are transactions again.

    Each ends with ROLLBACK in place of COMMIT.
    """
    told: list[Step] = []
    depth = 0
    for call in calls:
        if depth == 0:
            told.append([])
        begins, ends = call.sql.startswith("SAVEPOINT "), call.sql.startswith(ENDS)
        depth -= ends
        told[-1].append(call if depth or not (begins or ends) else BEGIN if begins else ROLLBACK)
        depth += begins
    return told


ENDS = ("RELEASE SAVEPOINT ", "ROLLBACK TO ")


def plain(value: Any) -> Any:
    """The same value for the driver, without classes of ours."""
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    if isinstance(value, Enum):
        return value.value
    return UUID(int=value.int) if isinstance(value, UUID) else value
