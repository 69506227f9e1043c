import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from structlog.contextvars import bound_contextvars
from structlog.testing import capture_logs

from api import sockets
from tests.api import toy
from tests.api.socket_client import PROTOCOL, Client, connected
from tests.api.toy import a_graph

ME = "{ me { name } }"
INTERNAL = {"code": "INTERNAL", "requestId": toy.REQUEST_ID}


@pytest.fixture(autouse=True)
def request_id() -> Iterator[None]:
    with bound_contextvars(request_id=toy.REQUEST_ID):
        yield


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    async with connected(a_graph(), PROTOCOL) as client:
        yield client


@pytest.fixture
async def known(client: Client) -> Client:
    await client.init()
    return client


async def until(condition: Any) -> None:
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110  # what is waited for is a plain list
            await asyncio.sleep(0)


@pytest.mark.parametrize("protocols", [(), ("graphql-ws",), ("graphql-sse",)])
async def test_no_other_protocol_is_spoken(protocols: tuple[str, ...]):
    async with connected(a_graph(), *protocols) as client:
        assert await client.closed() == (4406, "Subprotocol not acceptable")


async def test_the_protocol_is_chosen_among_others():
    async with connected(a_graph(), "graphql-ws", PROTOCOL) as client:
        assert client.accepted["subprotocol"] == PROTOCOL


async def test_a_query_is_answered_and_completed(known: Client):
    known.subscribe(ME)
    assert await known.message() == {
        "type": "next",
        "id": "1",
        "payload": {"data": {"me": {"name": "nobody"}}},
    }
    assert await known.message() == {"type": "complete", "id": "1"}


async def test_a_subscription_is_told_event_by_event(known: Client):
    known.subscribe("subscription ($to: Int!) { count(to: $to) }", variables={"to": 2})
    told = [await known.message() for _ in range(3)]
    assert [message.get("payload") for message in told] == [
        {"data": {"count": 0}},
        {"data": {"count": 1}},
        None,
    ]
    assert told[2] == {"type": "complete", "id": "1"}


async def test_who_asks_is_told_when_the_connection_begins(client: Client):
    await client.init(Authorization="Bearer Ann")
    client.subscribe(ME)
    assert (await client.message())["payload"] == {"data": {"me": {"name": "Ann"}}}


async def test_who_asks_may_be_told_in_the_handshake():
    async with connected(a_graph(), PROTOCOL, headers={"authorization": "Bearer Ann"}) as client:
        await client.init()
        client.subscribe(ME)
        assert (await client.message())["payload"] == {"data": {"me": {"name": "Ann"}}}


async def test_the_language_may_be_told_when_the_connection_begins(client: Client):
    await client.init(**{"accept-language": "zh-CN", "authorization": "Bearer taken"})
    client.subscribe("{ fails }")
    message = await client.message()
    assert message["payload"]["errors"][0]["message"] == "Ann 已被使用。"


async def test_who_may_not_connect_is_turned_away(client: Client):
    client.send(type="connection_init", payload={"authorization": "Bearer revoked"})
    assert await client.closed() == (4403, "Forbidden")


async def test_a_ping_is_answered_even_before_anything_else(client: Client):
    client.send(type="ping")
    assert await client.message() == {"type": "pong"}
    client.send(type="pong")
    await client.init()


async def test_nothing_is_run_before_the_connection_is_acknowledged(client: Client):
    client.subscribe(ME)
    assert await client.closed() == (4401, "Unauthorized")


async def test_a_connection_is_begun_once(known: Client):
    known.send(type="connection_init")
    assert await known.closed() == (4429, "Too many initialisation requests")


async def test_a_connection_that_does_not_begin_is_ended(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sockets, "INIT_SECONDS", 0.01)
    async with connected(a_graph(), PROTOCOL) as client:
        assert await client.closed() == (4408, "Connection initialisation timeout")


async def test_a_connection_that_has_begun_may_be_silent(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sockets, "INIT_SECONDS", 0.05)
    async with connected(a_graph(), PROTOCOL) as client:
        await client.init()
        await asyncio.sleep(0.1)  # silence is what is tried
        client.subscribe(ME)
        assert (await client.message())["type"] == "next"


async def test_an_id_belongs_to_one_operation_at_a_time(known: Client):
    known.subscribe("subscription { wait }")
    known.subscribe(ME)
    assert await known.closed() == (4409, "Subscriber for 1 already exists")


async def test_an_id_is_free_once_its_operation_is_complete(known: Client):
    for _ in range(2):
        known.subscribe(ME)
        assert (await known.message())["type"] == "next"
        assert await known.message() == {"type": "complete", "id": "1"}


async def test_what_the_client_completes_stops_and_says_no_more(known: Client):
    known.subscribe("subscription { wait }")
    await until(lambda: toy.waiting)
    known.send(type="complete", id="1")
    known.send(type="complete", id="unknown")
    await until(lambda: not toy.waiting)
    known.subscribe(ME)
    assert (await known.message())["payload"] == {"data": {"me": {"name": "nobody"}}}


async def test_whoever_leaves_leaves_nothing_running():
    async with connected(a_graph(), PROTOCOL) as client:
        await client.init()
        client.subscribe("subscription { wait }")
        await until(lambda: toy.waiting)
    assert not toy.waiting


async def test_ten_operations_run_at_once_and_an_eleventh_is_refused(known: Client):
    for number in range(10):
        known.subscribe("subscription { wait }", id=str(number))
    known.subscribe(ME, id="eleventh")
    refused = await known.message()
    assert (refused["type"], refused["id"]) == ("error", "eleventh")
    assert refused["payload"][0]["extensions"]["code"] == "TOO_MANY_OPERATIONS"
    known.send(type="complete", id="0")
    known.subscribe(ME, id="eleventh")
    assert (await known.message())["type"] == "next"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("{ nobody }", "GRAPHQL_VALIDATION_FAILED"),
        ("query ($n: Int!) { echo(number: $n) }", "BAD_USER_INPUT"),
        ("subscription ($n: Int!) { count(to: $n) }", "BAD_USER_INPUT"),
        ("{ me {" + "friend {" * 9 + "name" + "}" * 11, "TOO_DEEP"),
        ("{ __schema { queryType { name } } }", "INTROSPECTION_OFF"),
    ],
)
async def test_what_is_refused_over_http_is_refused_here(known: Client, query: str, code: str):
    known.subscribe(query)
    refused = await known.message()
    assert refused["type"] == "error"
    assert [error["extensions"]["code"] for error in refused["payload"]] == [code]
    known.subscribe(ME)
    assert (await known.message())["type"] == "next"


async def test_a_fault_in_a_field_is_masked(known: Client):
    with capture_logs() as logged:
        known.subscribe("{ fails }")
        message = await known.message()
    assert message["payload"]["data"] == {"fails": None}
    assert message["payload"]["errors"][0]["extensions"] == INTERNAL
    assert [entry["event"] for entry in logged] == ["request.failed"]


async def test_a_fault_in_a_subscription_is_masked_and_ends_it(known: Client):
    with capture_logs() as logged:
        known.subscribe("subscription { breaks }")
        assert (await known.message())["payload"] == {"data": {"breaks": 0}}
        message = await known.message()
    assert message["type"] == "error"
    assert message["payload"] == [{"message": "Unexpected error", "extensions": INTERNAL}]
    assert [entry["event"] for entry in logged] == ["request.failed"]


async def test_an_operation_that_takes_too_long_is_given_up():
    async with connected(a_graph(request_seconds=0.01), PROTOCOL) as client:
        await client.init()
        client.subscribe("{ never }")
        message = await client.message()
    assert message["type"] == "error"
    assert message["payload"][0]["extensions"]["code"] == "SERVICE_BUSY"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '"ping"',
        "{}",
        '{"type": "start"}',
        '{"type": 1}',
        '{"type": "subscribe"}',
        '{"type": "subscribe", "id": 1, "payload": {"query": "{ __typename }"}}',
        '{"type": "subscribe", "id": [], "payload": {"query": "{ __typename }"}}',
        '{"type": "subscribe", "id": "1", "payload": []}',
        '{"type": "subscribe", "id": "1", "payload": {"query": 1}}',
        '{"type": "subscribe", "id": "1", "payload": {}}',
        '{"type": "complete"}',
        '{"type": "connection_init", "payload": []}',
        '{"type": "subscribe", "id": "1", "payload": {"query": "\\ud800"}}',
        '{"a": ' + "[" * 90_000 + "]" * 90_000 + "}",
    ],
)
async def test_a_broken_message_ends_the_connection(known: Client, text: str):
    known.send_text(text)
    code, _reason = await known.closed()
    assert code == 4400


async def test_a_binary_message_ends_the_connection(known: Client):
    known.sent.put_nowait({"type": "websocket.receive", "bytes": b"{}"})
    assert await known.closed() == (4400, "Messages must be text")


async def test_a_message_larger_than_a_body_may_be_ends_the_connection(known: Client):
    known.send_text(" " * 200_001)
    assert await known.closed() == (1009, "Message too big")


async def test_an_id_of_any_length_fits_into_what_the_close_says(known: Client):
    known.subscribe("subscription { wait }", id="😀" * 100)
    known.subscribe(ME, id="😀" * 100)
    code, reason = await known.closed()
    assert (code, reason) == (4409, f"Subscriber for {'😀' * 20} already exists")
    assert len(reason.encode()) <= 123  # a close frame has no room for more


async def test_who_sends_without_a_pause_leaves_others_their_turn(known: Client):
    for _ in range(500):
        known.send(type="ping")
    turns = 0
    while known.sent.qsize():
        turns += 1
        await asyncio.sleep(0)
    assert turns >= 500
