"""The board of the week: all answer alike, from the database, from Redis and bare."""

import pytest

from bench import contestants, running
from bench.board import members
from bench.board import running as board
from bench.company import Size
from bench.postgres import Database
from bench.progress import Progress
from bench.running import Plan
from bench.workloads import running as workloads
from bench.workloads.board import FIRST, Board
from tests.conftest import scratch_database

pytestmark = [pytest.mark.committed, pytest.mark.only("postgres")]

MEMBERS = 300


async def test_all_answer_alike_with_the_first_fifty_and_the_own_rank(
    postgres_server, redis_url, tmp_path
):
    async with scratch_database(postgres_server) as url:
        await members.load(url, MEMBERS, lambda what, rows: rows)
        await members.mirror(redis_url, MEMBERS)
        asked = [*board._ours(url, str(tmp_path), redis_url), contestants.bare(url)]  # noqa: SLF001  # as the run has them
        size = Size(MEMBERS, 0)
        async with running.a_stage(Database(url, "18", None), size, asked) as stage:
            workload = Board(stage)
            await workload.prepare()
            answer = await workload.answer("breakroom_redis")

    best = sorted((members.points(n) for n in range(MEMBERS)), reverse=True)
    assert [place["score"] for place in answer["places"]] == best[:FIRST]
    own = members.points(workload.reader)
    assert answer["viewerPlace"] == {"rank": 1 + best.index(own), "score": own}


async def test_a_run_tells_of_it_beside_the_other_workloads(postgres_server, tmp_path):
    plan = Plan("small", rounds=1, seconds=0.1, only=("board",))
    with Progress() as progress:
        report = await workloads.run(plan, postgres_server, str(tmp_path), progress)
    told = report.line()
    assert [*told] == ["board", "cpu"]
    assert [*told["board"]] == ["breakroom", "breakroom_redis", "bare"]
    assert all(per_second > 0 for per_second in told["board"].values())
