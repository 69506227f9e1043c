"""Others that serve GraphQL from PostgreSQL, written as their users would write them well."""

from pathlib import Path

from bench import node
from bench.contestants import Contestant
from bench.peers.documents import POSTGRAPHILE
from bench.postgres import Database

HERE = Path(__file__).parent
NODE = 22  # what they ask for
UUIDS = "{id}"


async def ready(database: Database) -> list[Contestant]:
    """Installed if they are not yet. Raises Unreachable."""
    for folder in ("mercurius", "postgraphile"):
        node.install(HERE / folder, oldest=NODE)
    await database.run_all((HERE / "postgraphile" / "schema.sql").read_text())
    return [
        _peer("mercurius", database.url, "mercurius/server.js", "flat"),
        _peer("mercurius_loaders", database.url, "mercurius/server.js", "loaders"),
        _peer("postgraphile", database.url, "postgraphile/server.js"),
    ]


def _peer(name: str, url: str, script: str, *arguments: str) -> Contestant:
    return Contestant(
        name,
        (*node.program("node", oldest=NODE), str(HERE / script), *arguments),
        {"BENCH_DATABASE": url, "NODE_ENV": "production", "GRAPHILE_ENV": "production"},
        documents=POSTGRAPHILE if name == "postgraphile" else {},
        ids=UUIDS,
    )
