"""What clients send and what can be crawled: through both executors it is the same."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any
from uuid import uuid4

import httpx
import pytest
from graphql import OperationType
from starlette.requests import HTTPConnection
from structlog.contextvars import bound_contextvars
from tortoise.transactions import in_transaction

from api import context
from api.context import Context
from api.graph import Graph
from api.operations import WrongDocument
from api.schema import schema
from community.groups import GroupKind
from core import clock
from core.errors import Refused
from tests import crawl
from tests.engine.executors import Both, essence
from tests.makers import OPERATIONS, a_crowd, a_group, a_member, a_person, a_token, node, operation
from tests.test_anonymity import ROLES, a_reader, a_thread
from tests.test_operations import COSTS, a_life

GENERATED = 150

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
def both() -> Both:
    return Both(schema())


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
async def test_what_clients_send_has_the_same_answer(both, name, variables):
    ann, sent = await a_life(variables)
    token, (document, _) = await a_token(ann), operation(name)
    one, answers = both.operation(document, name), []
    with clock.set_to(clock.now()):
        for execute in (both.by_plan, both.by_plan, both.usually):  # again, from what is kept
            async with undone():
                answers.append(await execute(one, sent, await a_context(token)))
    assert b'"errors"' not in answers[0]
    assert len({settled(answer, sent) for answer in answers}) == 1


@pytest.mark.parametrize(("name", "variables"), [*SENT, *REFUSED])
async def test_it_has_the_same_answer_over_http_for_whoever_asks(graphs, name, variables):
    ann, sent = await a_life(variables)
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


@pytest.mark.parametrize("role", [*ROLES, "outsider", "nobody"])
async def test_whatever_is_crawled_has_the_same_answer(both, role):
    shelter = await a_group(kind=GroupKind.SUPPORT)
    await a_crowd(shelter)
    author = await a_member(shelter)
    ids = [node("group", shelter), node("person", author), *await a_thread(shelter, author)]
    reader = await a_reader(role, shelter)
    with clock.set_to(clock.now()):
        for document in crawl.documents(ids):
            asked = crawl.request(document)
            one, given = both.operation(asked["query"]), asked.get("variables", {})
            ours = await both.by_plan(one, given, Context("en", "request-1", viewer=reader))
            again = await both.by_plan(one, given, Context("en", "request-1", viewer=reader))
            usual = await both.usually(one, given, Context("en", "request-1", viewer=reader))
            assert ours == again == usual, document


@pytest.mark.filterwarnings("ignore:coroutine .* was never awaited")  # graphql-core forgets some
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # and says so late
async def test_generated_queries_have_the_same_answer(both):
    names = ("group", "shelter", "other", "post", "own")
    ann, known = await a_life({name: name for name in names})
    ids = [*known.values(), node("person", ann), f"post_{uuid4().hex}", f"upload_{uuid4().hex}"]
    compared = failed = 0
    with clock.set_to(clock.now()):
        for seed in range(GENERATED):
            document, variables = both.generator(seed, ids, [0, 1, 2, 3]).operation(roots=1)
            try:
                one = both.operation(document)
            except (Refused, WrongDocument):
                continue
            ours = await both.by_plan(one, variables, Context("en", "request-1", viewer=ann))
            again = await both.by_plan(one, variables, Context("en", "request-1", viewer=ann))
            usual = await both.usually(one, variables, Context("en", "request-1", viewer=ann))
            assert essence(ours) == essence(again) == essence(usual), document
            compared += 1
            failed += b'"errors"' in ours
    assert compared > GENERATED * 0.8
    assert failed > compared * 0.1


class Undone(Exception):
    """So that nothing stays."""


@asynccontextmanager
async def undone() -> AsyncIterator[None]:
    """Leaves by an error, for a savepoint is taken back by nothing else."""
    with suppress(Undone):
        async with in_transaction():
            yield
            raise Undone


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
