import sqlite3
from pathlib import Path

import asyncpg
import pytest
from structlog.testing import capture_logs
from tortoise.exceptions import IntegrityError, OperationalError

from tests.api import toy
from tests.api.toy import REQUEST_ID, a_graph, ask

MASKED = {"code": "INTERNAL", "requestId": REQUEST_ID}
BUSY = {"code": "SERVICE_BUSY", "kind": "BUSY", "requestId": REQUEST_ID}


async def test_a_refusal_in_a_query_is_told_in_the_readers_language():
    with capture_logs() as logged:
        answer = await ask(a_graph(), "{ fails }", by="taken", language="zh-TW")
    assert answer.status_code == 200
    assert answer.json() == {
        "data": {"fails": None},
        "errors": [
            {
                "message": "Ann 已被使用。",
                "locations": [{"line": 1, "column": 3}],
                "path": ["fails"],
                "extensions": {"code": "NAME_TAKEN", "kind": "CONFLICT", "requestId": REQUEST_ID},
            }
        ],
    }
    assert logged == []


async def test_a_refusal_in_a_mutation_is_a_member_of_its_union():
    mutation = 'mutation { rename(name: "Ann") { ... on Refusal { code kind message } } }'
    answer = await ask(a_graph(), mutation, language="zh-CN")
    refusal = {"code": "NAME_TAKEN", "kind": "CONFLICT", "message": "Ann 已被使用。"}
    assert answer.json() == {"data": {"rename": refusal}}


async def test_a_fault_is_masked_and_logged_once_with_its_cause():
    with capture_logs() as logged:
        answer = await ask(a_graph(), "{ fails again: fails }", language="zh-CN")
    assert answer.json()["data"] == {"fails": None, "again": None}
    assert [error["message"] for error in answer.json()["errors"]] == ["出了意外的问题"] * 2
    assert [error["extensions"] for error in answer.json()["errors"]] == [MASKED] * 2
    assert "secret" not in answer.text
    fault = toy.FAILURES["nobody"]
    assert logged == [
        {
            "event": "request.failed",
            "log_level": "error",
            "request_id": REQUEST_ID,
            "exc_info": fault,
        }
    ]


async def test_a_value_that_does_not_fit_the_schema_is_our_fault():
    with capture_logs() as logged:
        answer = await ask(a_graph(), "{ miscounts }")
    assert answer.json()["errors"][0]["extensions"] == MASKED
    assert "secret" not in answer.text
    assert [entry["event"] for entry in logged] == ["request.failed"]


async def test_a_variable_that_does_not_fit_is_explained():
    with capture_logs() as logged:
        answer = await ask(
            a_graph(), "query ($n: Int) { echo(number: $n) }", variables={"n": "many"}
        )
    assert answer.json() == {
        "errors": [
            {
                "message": "Variable '$n' has invalid value:"
                " Int cannot represent non-integer value: 'many'",
                "locations": [{"line": 1, "column": 8}],
                "extensions": {
                    "code": "BAD_USER_INPUT",
                    "kind": "INVALID",
                    "requestId": REQUEST_ID,
                },
            }
        ]
    }
    assert logged == []


async def test_a_null_that_only_execution_finds_is_explained():
    with capture_logs() as logged:
        answer = await ask(
            a_graph(), "query ($n: Int = 1) { echo(number: $n) }", variables={"n": None}
        )
    assert answer.json()["data"] is None
    assert answer.json()["errors"][0]["path"] == ["echo"]
    assert answer.json()["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"
    assert logged == []


async def test_no_more_than_five_mistakes_are_explained():
    answer = await ask(a_graph(), "{ a b c d e f g }")
    assert [error["message"] for error in answer.json()["errors"]] == [
        f"Cannot query field '{name}' on type 'Query'." for name in "abcde"
    ]
    codes = {error["extensions"]["code"] for error in answer.json()["errors"]}
    assert codes == {"GRAPHQL_VALIDATION_FAILED"}


async def test_a_message_quotes_no_more_than_a_piece_of_the_document():
    answer = await ask(a_graph(), f"{{ {'x' * 100_000} }}")
    assert len(answer.json()["errors"][0]["message"]) == 500


@pytest.mark.parametrize(
    "cause",
    [
        TimeoutError(),
        ConnectionRefusedError(),
        asyncpg.TooManyConnectionsError(),
        asyncpg.QueryCanceledError(),
        asyncpg.LockNotAvailableError(),
        asyncpg.DeadlockDetectedError(),
        asyncpg.ConnectionDoesNotExistError(),
    ],
    ids=lambda cause: type(cause).__name__,
)
async def test_what_will_pass_is_busy(monkeypatch: pytest.MonkeyPatch, cause: Exception):
    monkeypatch.setitem(toy.FAILURES, "nobody", cause)
    answer = await ask(a_graph(), "{ fails }")
    assert answer.json()["errors"][0]["extensions"] == BUSY


async def test_a_locked_file_is_busy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setitem(toy.FAILURES, "nobody", OperationalError(locked(tmp_path / "database")))
    answer = await ask(a_graph(), "{ fails }")
    assert answer.json()["errors"][0]["extensions"] == BUSY


async def test_a_broken_constraint_is_a_fault(monkeypatch: pytest.MonkeyPatch):
    cause = IntegrityError(sqlite3.IntegrityError("CHECK constraint failed: balance"))
    monkeypatch.setitem(toy.FAILURES, "nobody", cause)
    with capture_logs() as logged:
        answer = await ask(a_graph(), "{ fails }")
    assert answer.json()["errors"][0]["extensions"] == MASKED
    assert [entry["exc_info"] for entry in logged] == [cause]


def locked(path: Path) -> sqlite3.OperationalError:
    holder, other = sqlite3.connect(path), sqlite3.connect(path, timeout=0)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(sqlite3.OperationalError) as refused:
        other.execute("BEGIN IMMEDIATE")
    holder.close()
    other.close()
    return refused.value
