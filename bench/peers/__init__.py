"""Others that serve GraphQL from PostgreSQL, written as their users would write them well."""

from collections.abc import Mapping
from pathlib import Path

from bench import node
from bench.contestants import Contestant
from bench.peers.documents import POSTGRAPHILE
from bench.postgres import Database

HERE = Path(__file__).parent
NODE = 22  # what they ask for
UUIDS = "{id}"


async def ready(database: Database, *, redis: str = "") -> list[Contestant]:
    """Installed if they are not yet. Raises Unreachable."""
    for folder in ("mercurius", "postgraphile"):
        node.install(HERE / folder, oldest=NODE)
    await database.run_all((HERE / "postgraphile" / "schema.sql").read_text())
    found = {"BENCH_DATABASE": database.url, "BENCH_REDIS": redis}
    return [
        _peer("mercurius", found, "mercurius/server.js", "flat"),
        _peer("mercurius_loaders", found, "mercurius/server.js", "loaders"),
        _peer("postgraphile", found, "postgraphile/server.js"),
    ]


def _peer(name: str, found: Mapping[str, str], script: str, *arguments: str) -> Contestant:
    return Contestant(
        name,
        (*node.program("node", oldest=NODE), str(HERE / script), *arguments),
        {**found, "NODE_ENV": "production", "GRAPHILE_ENV": "production"},
        documents=POSTGRAPHILE if name == "postgraphile" else {},
        ids=UUIDS,
    )
