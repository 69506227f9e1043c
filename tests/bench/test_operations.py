"""Operations beside a bare handler that sends the same SQL."""

from pathlib import Path
from uuid import UUID

import pytest

from api.ids import NodeId
from bench import contestants
from bench.operations import documents, running
from bench.operations.asked import LEFT_OUT, OPERATIONS
from bench.operations.beside import Beside
from bench.operations.scripts import BEGIN, ROLLBACK, Call, plain, steps
from bench.running import Plan, a_stage
from community.reactions import ReactionKind
from tests.bench.conftest import SIZE

SOME = ["Post", "CreatePost", "React"]


def test_savepoints_of_what_is_undone_are_transactions_again():
    read, write = Call("fetch", "SELECT 1"), Call("execute", "UPDATE post SET …")
    calls = [
        read,
        Call("execute", "SAVEPOINT a;"),
        write,
        Call("execute", "SAVEPOINT b;"),
        write,
        Call("execute", "ROLLBACK TO b;"),
        Call("execute", "RELEASE SAVEPOINT a;"),
        read,
    ]
    assert steps(calls) == [[read], [BEGIN, *calls[2:6], ROLLBACK], [read]]


def test_values_are_recorded_without_classes_of_ours():
    id = NodeId.parse("post_" + "0f" * 16)
    told = plain([id, ReactionKind.HUG, ("tea", 3)])
    assert told == [UUID("0f" * 16), "HUG", ["tea", 3]]
    assert [type(value) for value in told[:2]] == [UUID, str]


def test_operations_that_are_measured_or_left_out_are_what_clients_send():
    assert {*OPERATIONS, *LEFT_OUT} <= documents.all().keys()


@pytest.mark.committed
@pytest.mark.only("postgres")
async def test_a_bare_handler_does_the_same_again_and_again(filled, tmp_path: Path):
    [ours, _] = contestants.ours(filled.url, str(tmp_path))
    scripts = tmp_path / "scripts"
    await running.record(SOME, SIZE, ours, scripts)
    plan = Plan("tiny", rounds=1, seconds=0.1)
    pair = [ours, running.replaying(filled.url, scripts)]
    async with a_stage(filled, SIZE, pair) as stage:
        before = await filled.run("SELECT count(*) FROM post")
        pairs = [Beside(stage, name, plan) for name in SOME]
        bare = [await pair.round("bare", 0.1) for pair in pairs]
        assert await filled.run("SELECT count(*) FROM post") == before
        whole = [await pair.round("breakroom", 0.1) for pair in pairs]
        assert await filled.run("SELECT count(*) FROM post") > before
    assert all(sample.per_second > 0 for sample in bare + whole)
