"""Clients as apps use them, from npm, against a real server."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.routing import Route, WebSocketRoute

from api import sockets
from api.graph import Graph
from tests.api.toy import a_graph
from tests.clients import node
from tests.servers import serving

pytestmark = pytest.mark.usefixtures("clients")


def an_app(graph: Graph) -> Starlette:
    return Starlette(routes=[Route("/graphql", graph), WebSocketRoute("/graphql", graph)])


@pytest.fixture
async def address() -> AsyncIterator[str]:
    async with serving(an_app(a_graph(development=True))) as address:
        yield address


async def test_all_audits_of_graphql_over_http_pass(address: str):
    audits = await node.run("audits.js", f"http://{address}/graphql")
    assert len(audits) == 61
    assert [audit for audit in audits if audit["status"] != "ok"] == []


async def test_graphql_ws_is_understood_and_wrong_use_of_it_closed(
    address: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(sockets, "INIT_SECONDS", 0.5)
    told = await node.run("sockets.js", f"ws://{address}/graphql")
    assert told.pop("closed") == {
        "legacy": ["error", "Server sent no subprotocol"],  # and hangs up before it hears 4406
        "unnamed": [4406, "Subprotocol not acceptable"],
        "notJson": [4400, "Messages must be JSON"],
        "binary": [4400, "Messages must be text"],
        "unknownType": [4400, "Invalid message"],
        "noInit": [4401, "Unauthorized"],
        "twoInits": [4429, "Too many initialisation requests"],
        "twice": [4409, "Subscriber for 1 already exists"],
        "forbidden": [4403, "Forbidden"],
        "tooBig": [1009, "Message too big"],
        "silent": [4408, "Connection initialisation timeout"],
    }
    assert told == {
        "query": [{"data": {"me": {"name": "nobody"}}}],
        "signedIn": [{"data": {"me": {"name": "Ann"}}}],
        "mutation": [{"data": {"rename": {"__typename": "Renamed"}}}],
        "subscription": [{"data": {"count": number}} for number in range(3)],
        "refused": ["GRAPHQL_VALIDATION_FAILED"],
    }


@pytest.mark.parametrize("way", ["post", "get", "persisted", "socket"])
async def test_urql_is_answered_in_every_way_it_asks(address: str, way: str):
    asked: list[dict[str, Any]] = [
        {"document": "{ me { name } }", "token": "Ann"},
        {"document": "{ fails }", "token": "taken"},
        {"document": "{ nobody }"},
        {"document": 'mutation { rename(name: "Ann") { __typename } }'},
    ]
    told = await node.run(
        "urql.js", f"http://{address}/graphql", given=[{**each, "way": way} for each in asked]
    )
    assert told == [
        [{"data": {"me": {"name": "Ann"}}}],
        [{"data": {"fails": None}, "codes": ["NAME_TAKEN"]}],
        [{"codes": ["GRAPHQL_VALIDATION_FAILED"]}],
        [{"data": {"rename": {"__typename": "Refusal"}}}],
    ]


async def test_urql_follows_a_subscription(address: str):
    asked = {"document": "subscription { count(to: 3) }", "way": "socket", "results": 3}
    [told] = await node.run("urql.js", f"http://{address}/graphql", given=[asked])
    assert told == [{"data": {"count": number}} for number in range(3)]
