import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import orjson
import pytest
from starlette.types import Message
from structlog.testing import capture_logs

from tests.api import toy
from tests.api.toy import JSON, RESPONSE_JSON, a_graph, ask, request

ME = "{ me { name } }"
RENAME = 'mutation { rename(name: "Bo") { __typename } }'


async def post(content: bytes | AsyncIterator[bytes], **headers: str) -> httpx.Response:
    headers = {"content-type": JSON, "accept": RESPONSE_JSON, **headers}
    return await request(a_graph(), "POST", content=content, headers=headers)


async def get(accept: str = RESPONSE_JSON, **params: str) -> httpx.Response:
    return await request(a_graph(), "GET", params=params, headers={"accept": accept})


def code(answer: httpx.Response) -> str:
    assert answer.json().keys() == {"errors"}
    return answer.json()["errors"][0]["extensions"]["code"]


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        (RESPONSE_JSON, f"{RESPONSE_JSON}; charset=utf-8"),
        (f"{RESPONSE_JSON}, {JSON};q=0.9", f"{RESPONSE_JSON}; charset=utf-8"),
        (JSON, f"{JSON}; charset=utf-8"),
        ("*/*", f"{JSON}; charset=utf-8"),
    ],
)
async def test_the_answer_has_the_type_that_was_asked_for(accept: str, content_type: str):
    answer = await ask(a_graph(), ME, accept=accept)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == content_type
    assert answer.content == b'{"data":{"me":{"name":"nobody"}}}'


@pytest.mark.parametrize(("accept", "status"), [(RESPONSE_JSON, 400), (JSON, 200)])
@pytest.mark.parametrize("query", ["{", "{ nobody }", "query ($n: Int!) { echo(number: $n) }"])
async def test_what_never_ran_has_errors_and_no_data(accept: str, status: int, query: str):
    answer = await ask(a_graph(), query, accept=accept)
    assert answer.status_code == status
    assert answer.json().keys() == {"errors"}


@pytest.mark.parametrize("accept", [RESPONSE_JSON, JSON])
async def test_what_ran_and_failed_has_data_and_errors(accept: str):
    with capture_logs():
        answer = await ask(a_graph(), "{ fails me { name } }", accept=accept)
    assert answer.status_code == 200
    assert answer.json()["data"] == {"fails": None, "me": {"name": "nobody"}}
    assert len(answer.json()["errors"]) == 1


async def test_a_query_may_come_by_get():
    query = "query ($t: String) { echo(text: $t) }"
    answer = await get(query=query, variables='{"t": "茶水间"}')
    assert answer.status_code == 200
    assert answer.json() == {"data": {"echo": "茶水间"}}


@pytest.mark.parametrize("accept", [RESPONSE_JSON, JSON])
async def test_a_mutation_may_not_come_by_get(accept: str):
    answer = await get(accept, query=RENAME)
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, POST"
    assert code(answer) == "ONLY_QUERIES_BY_GET"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"])
async def test_no_other_method_is_known(method: str):
    answer = await request(a_graph(), method)
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, POST"


async def test_a_subscription_does_not_come_over_http():
    answer = await ask(a_graph(), "subscription { count(to: 1) }", accept=JSON)
    assert answer.status_code == 400
    assert code(answer) == "SUBSCRIPTIONS_BY_SOCKET"


@pytest.mark.parametrize("accept", [RESPONSE_JSON, JSON])
@pytest.mark.parametrize(
    ("body", "refused"),
    [
        (b"", "MALFORMED_JSON"),
        (b"{", "MALFORMED_JSON"),
        (b'{"query": "{ me }", "a": NaN}', "MALFORMED_JSON"),
        (b'{"query": "\xff"}', "MALFORMED_JSON"),
        (b'{"query": "\\ud800"}', "MALFORMED_JSON"),
        (b'{"variables": ' + b"[" * 90_000 + b"]" * 90_000 + b"}", "MALFORMED_JSON"),
        (b"[]", "BATCHING_OFF"),
        (b'[{"query": "{ __typename }"}]', "BATCHING_OFF"),
        (b'"query"', "WRONG_PARAMETER"),
        (b"null", "WRONG_PARAMETER"),
        (b'{"query": 1}', "WRONG_PARAMETER"),
        (b'{"query": "{ __typename }", "variables": "{}"}', "WRONG_PARAMETER"),
        (b'{"query": "{ __typename }", "variables": []}', "WRONG_PARAMETER"),
        (b'{"query": "{ __typename }", "operationName": {}}', "WRONG_PARAMETER"),
        (b'{"query": "{ __typename }", "extensions": 1}', "WRONG_PARAMETER"),
        (b'{"extensions": {"persistedQuery": []}}', "WRONG_PARAMETER"),
        (b'{"documentId": 7}', "WRONG_PARAMETER"),
        (b"{}", "NOTHING_TO_DO"),
        (b'{"query": null}', "NOTHING_TO_DO"),
    ],
)
async def test_what_is_no_request_is_a_bad_request(accept: str, body: bytes, refused: str):
    answer = await post(body, accept=accept)
    assert answer.status_code == 400
    assert code(answer) == refused


@pytest.mark.parametrize("parameter", ["variables", "extensions"])
async def test_what_is_no_json_in_a_url_is_a_bad_request(parameter: str):
    answer = await get(query=ME, **{parameter: "{"})
    assert answer.status_code == 400
    assert code(answer) == "MALFORMED_JSON"


async def test_a_get_without_a_query_is_a_bad_request():
    answer = await get()
    assert answer.status_code == 400
    assert code(answer) == "NOTHING_TO_DO"


@pytest.mark.parametrize(
    "content_type",
    ["", "text/plain", "application/graphql", "multipart/form-data", f"{JSON}; charset=utf-16"],
)
async def test_only_json_is_read(content_type: str):
    answer = await post(b'{"query": "{ __typename }"}', **{"content-type": content_type})
    assert answer.status_code == 415
    assert code(answer) == "UNSUPPORTED_MEDIA_TYPE"


@pytest.mark.parametrize("content_type", [f'{JSON}; charset="UTF-8"', "Application/JSON"])
async def test_json_may_say_that_it_is_utf_8(content_type: str):
    answer = await post(b'{"query": "{ __typename }"}', **{"content-type": content_type})
    assert answer.json() == {"data": {"__typename": "Query"}}


async def test_a_body_may_have_200_kb():
    query = orjson.dumps({"query": ME})
    assert (await post(query.ljust(200_000))).status_code == 200
    answer = await post(query.ljust(200_001))
    assert answer.status_code == 413
    assert code(answer) == "BODY_TOO_LARGE"


async def test_no_more_of_a_body_is_read_than_is_allowed():
    answer, read = await received(chunks=1000, declared=None)
    assert answer["status"] == 413
    assert read == 4  # of 64 kB each


async def test_nothing_is_read_of_a_body_that_says_it_is_too_large():
    answer, read = await received(chunks=1000, declared=10_000_000)
    assert answer["status"] == 413
    assert read == 0


async def test_deferred_delivery_is_off():
    answer = await ask(a_graph(), "{ me { ... @defer { name } } }")
    assert answer.json()["errors"][0]["message"] == "Unknown directive '@defer'."


async def test_who_signs_in_with_a_revoked_token_hears_so():
    answer = await ask(a_graph(), ME, by="revoked", accept=JSON)
    assert answer.status_code == 401
    assert code(answer) == "NOT_SIGNED_IN"


async def test_a_request_that_takes_too_long_is_given_up():
    with capture_logs() as logged:
        answer = await ask(a_graph(request_seconds=0.01), "{ never }", language="zh-TW")
    assert answer.status_code == 503
    assert answer.json()["errors"] == [
        {
            "message": "服務繁忙，請稍後再試。",
            "extensions": {
                "code": "SERVICE_BUSY",
                "kind": "BUSY",
                "requestId": toy.REQUEST_ID,
            },
        }
    ]
    assert logged == []


async def test_a_body_that_never_comes_is_given_up():
    async def trickle() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.get_running_loop().create_future()

    graph = a_graph(request_seconds=0.01)
    answer = await request(graph, "POST", content=trickle(), headers={"content-type": JSON})
    assert answer.status_code == 503
    assert code(answer) == "SERVICE_BUSY"


async def test_a_fault_before_anything_runs_is_masked():
    async def broken(_: object) -> Any:
        raise RuntimeError("secret")

    graph = a_graph()
    graph.context = broken
    with capture_logs() as logged:
        answer = await ask(graph, ME)
    assert answer.status_code == 500
    assert code(answer) == "INTERNAL"
    assert "secret" not in answer.text
    assert [entry["event"] for entry in logged] == ["request.failed"]


async def test_nobody_is_answered_who_has_left():
    async def left() -> Message:
        return {"type": "http.disconnect"}

    sent: list[Message] = []
    await a_graph()(scope("POST", [(b"content-type", b"application/json")]), left, sent.append)
    assert sent == []


async def test_others_are_served_while_somebody_waits():
    graph = a_graph(request_seconds=5)
    waiting = asyncio.create_task(ask(graph, "{ never }"))
    answers = await asyncio.gather(*(ask(graph, ME) for _ in range(20)))
    assert [answer.status_code for answer in answers] == [200] * 20
    assert not waiting.done()
    waiting.cancel()


async def received(*, chunks: int, declared: int | None) -> tuple[Message, int]:
    """The start of the answer to a large body, and how many of its chunks were read."""
    read = 0
    sent: list[Message] = []

    async def receive() -> Message:
        nonlocal read
        read += 1
        return {"type": "http.request", "body": b" " * 65_536, "more_body": read < chunks}

    async def send(message: Message) -> None:
        sent.append(message)

    length = [(b"content-length", str(declared).encode())] if declared else []
    await a_graph()(scope("POST", [(b"content-type", b"application/json"), *length]), receive, send)
    return sent[0], read


def scope(method: str, headers: list[tuple[bytes, bytes]]) -> dict[str, Any]:
    return {"type": "http", "method": method, "path": "/", "query_string": b"", "headers": headers}
