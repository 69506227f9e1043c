"""Who is measured: all read and write the same rows, and know the caller by the same token."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import orjson

from bench import company

BREAKROOM = (sys.executable, "-m", "cli", "serve", "--port", "0")
UVICORN = (
    *(sys.executable, "-m", "uvicorn", "--port", "0", "--no-access-log"),
    *("--loop", "uvloop", "--http", "httptools"),
)

POST = b"""POST %s HTTP/1.1\r
host: bench\r
accept: application/json\r
content-type: application/json\r
authorization: Bearer %s\r
content-length: %d\r
\r
%s"""


@dataclass(frozen=True)
class Contestant:
    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    documents: Mapping[str, str] = field(default_factory=dict)  # where it does not take ours
    ids: str = "{tag}_{id.hex}"
    path: str = "/graphql"  # or one for each workload

    def id(self, tag: str, id: UUID) -> str:
        return self.ids.format(tag=tag, id=id)

    def request(self, workload: str, document: str, *, by: int, **variables: Any) -> bytes:
        """A whole HTTP request."""
        asked = {"query": self.documents.get(workload, document), "variables": variables}
        return post(self.path.format(workload=workload), company.token(by), orjson.dumps(asked))


def post(path: str, token: str, body: bytes) -> bytes:
    return POST % (path.encode(), token.encode(), len(body), body)


def ours(url: str, home: str) -> list[Contestant]:
    """Breakroom with its own engine and with the usual one; as the others, it delivers nothing."""
    chosen = {"BREAKROOM_DATABASE": url, "BREAKROOM_HOME": home, "BREAKROOM_DELIVERS": "false"}
    return [
        Contestant("breakroom", BREAKROOM, chosen | {"BREAKROOM_ENGINE": "compiled"}),
        Contestant("usual", BREAKROOM, chosen | {"BREAKROOM_ENGINE": "usual"}),
    ]


def bare(url: str) -> Contestant:
    """The limit: one prepared statement for each workload, and nothing else."""
    command = (*UVICORN, "bench.bare.app:app")
    return Contestant("bare", command, {"BENCH_DATABASE": url}, path="/{workload}")
