"""What clients send: through both executors it has the same answer."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import httpx
import pytest
from graphql import OperationType
from starlette.requests import HTTPConnection
from structlog.contextvars import bound_contextvars

from api import context
from api.context import Context
from api.graph import Graph
from api.schema import schema
from core import clock
from tests.conftest import undone
from tests.engine.executors import Both
from tests.makers import OPERATIONS, a_person, a_token, operation
from tests.test_operations import COSTS

NOBODY = {"number": "nobody", "device": "phone"}
NEW = {**NOBODY, "code": "12345678", "password": "a kettle for everybody"}
PHONE = {"phone": "13800001111"}
SENT = [
    *((name, sent) for name, sent, _ in COSTS),
    ("Activate", NEW),
    ("IssueActivationCode", {"person": f"person_{uuid4().hex}"}),
    ("RequestCode", PHONE),
    ("ResetPassword", NEW),
    ("SignInWithCode", {**PHONE, "code": "123456", "device": "phone"}),
]
REFUSED = [
    ("Feed", {"first": 0}),
    ("Feed", {"group": "other"}),
    ("FinishUpload", {"upload": f"upload_{uuid4().hex}"}),
    ("Post", {"id": "wrong"}),
    ("React", {"subject": "own", "kind": "HUG"}),
    ("React", {"subject": "own", "kind": "WRONG"}),
    ("SignIn", {**NOBODY, "password": "guessed"}),
]


@pytest.fixture(scope="module")
def graphs(both: Both) -> list[Graph]:
    """Ours, and the usual one."""
    executions = (both.compiled, both.usual)
    return [Graph(schema(), context=context.of, execution=one) for one in executions]


def test_every_operation_of_a_client_is_compared(both):
    documents = [both.operations(file.read_text()) for file in OPERATIONS.glob("*.graphql")]
    known = [one for document in documents for one in document.values()]
    names = {one.name for one in known if one.kind is not OperationType.SUBSCRIPTION}
    assert {name for name, _ in SENT} == names


@pytest.mark.parametrize(("name", "variables"), SENT)
async def test_what_clients_send_has_the_same_answer(life, both, name, variables):
    ann, sent = await life.asks(variables)
    token, (document, _) = await a_token(ann), operation(name)
    one, answers = both.operation(document, name), []
    with clock.set_to(clock.now()):
        for execute in (both.by_plan, both.by_plan, both.usually):  # again, from what is kept
            async with undone():
                answers.append(await execute(one, sent, await a_context(token)))
    assert b'"errors"' not in answers[0]
    assert len({settled(answer, sent) for answer in answers}) == 1


@pytest.mark.parametrize(("name", "variables"), [*SENT, *REFUSED])
async def test_it_has_the_same_answer_over_http_for_whoever_asks(life, graphs, name, variables):
    ann, sent = await life.asks(variables)
    asked = {"query": operation(name)[0], "operationName": name, "variables": sent}
    tokens = {"en": await a_token(ann), "zh-CN": await a_token(await a_person()), "zh-TW": "none"}
    for language, token in tokens.items():
        headers = {"authorization": f"Bearer {token}", "accept-language": language}
        answers = []
        with clock.set_to(clock.now()):
            for graph in graphs:
                async with undone(), served_by(graph) as http:
                    answers.append(await http.post("/", json=asked, headers=headers))
        ours, usual = answers
        assert ours.status_code == usual.status_code
        assert settled(ours.content, sent) == settled(usual.content, sent)


@asynccontextmanager
async def served_by(graph: Graph) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(graph), base_url="http://t") as http:
        with bound_contextvars(request_id="request-1"):
            yield http


async def a_context(token: str) -> Context:
    headers = [(b"authorization", f"Bearer {token}".encode())]
    with bound_contextvars(request_id="request-1"):
        return await context.of(HTTPConnection({"type": "http", "headers": headers}))


def settled(answer: bytes, sent: dict[str, Any]) -> str:
    """Without what differs between any two runs: ids that are new, and what is drawn by lot."""
    drawn = (
        r'signature=[\w-]+|"token":"[^"]+"|"name":"[A-Z][a-z]+ [A-Z][a-z]+"'
        r'|"code":"[0-9a-z]{12}"|(?<=/)[0-9a-z]{12}(?=["?])'
    )
    text = re.sub(drawn, "", answer.decode())
    new = [id for id in re.findall("[0-9a-f]{32}", text) if id not in str(sent)]
    for number, id in enumerate(dict.fromkeys(new)):
        text = text.replace(id, f"#{number}")
    return text
