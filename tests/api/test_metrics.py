import asyncio
from datetime import timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families
from websockets.asyncio.client import connect

from api import metrics
from api.execution import Usual
from api.metrics import Counted
from core import clock
from core.database import db
from core.events import Event
from core.transactions import transaction
from tests.api import toy
from tests.api.edge import client, get
from tests.makers import OPERATIONS, operation
from tests.servers import serving

pytestmark = pytest.mark.committed


async def figures() -> dict[str, float]:
    """What /metrics tells, by name and labels."""
    text = (await get("/metrics")).text
    samples = [one for family in text_string_to_metric_families(text) for one in family.samples]
    return {" ".join([one.name, *one.labels.values()]): one.value for one in samples}


async def counted(name: str, during) -> dict[str, float]:
    """Which counts of this name have grown meanwhile, by labels, and by how much."""
    before = await figures()
    await during()
    after = await figures()
    grown = {key: value - before.get(key, 0) for key, value in after.items()}
    prefix = f"breakroom_{name}_seconds_count "
    return {k.removeprefix(prefix): n for k, n in grown.items() if k.startswith(prefix) and n}


async def test_requests_are_counted_by_method_pattern_and_status():
    async def journey():
        await get("/media/one.webp")
        await get("/media/two.webp?signature=secret")
        await get("/nowhere")
        async with client() as http:
            await http.request("ANN", "/graphql")
            await http.post("/graphql", json={"query": "{ viewer { grants } }"})

    assert await counted("request", journey) == {
        "GET /media/{name:str} 403": 2,
        "GET none 404": 1,
        "GET /metrics 200": 1,
        "other /graphql 405": 1,
        "POST /graphql 200": 1,
    }


async def test_operations_are_counted_by_name_only_if_their_document_is_registered(set_limits):
    set_limits(documents=OPERATIONS)

    async def journey():
        document, name = operation("Feed")
        async with client() as http:
            await http.post("/graphql", json={"query": document, "operationName": name})
            for stranger in ("Ann", "Bob"):
                query = f"query {stranger} {{ viewer {{ grants }} }}"
                await http.post("/graphql", json={"query": query})
            await http.post("/graphql", json={"query": "{ viewer { grants } }"})

    assert await counted("operation", journey) == {"Feed refused": 1, "other ok": 3}


async def test_strangers_cannot_make_the_figures_grow():
    async with client() as http:
        sizes = []
        for round_ in range(3):
            for n in range(10):
                await http.request(f"M{round_}{n}", f"/path{round_}{n}")
                query = f"query Q{round_}{n} {{ viewer {{ grants }} }}"
                await http.post("/graphql", json={"query": query})
            sizes.append(len(await figures()))
    assert sizes[1] == sizes[2]


@pytest.mark.parametrize(
    ("query", "outcome"),
    [
        ("query Q { me { name } }", "ok"),
        ("query Q { fails }", "failed"),
        ("query Q { miscounts }", "failed"),
        ("query Q { never }", "unfinished"),
    ],
)
async def test_an_operation_has_an_outcome(query, outcome):
    graph = toy.a_graph(request_seconds=0.05)
    graph.execution = Counted(Usual(toy.schema), known={"Q"})

    async def journey():
        await toy.ask(graph, query)

    assert await counted("operation", journey) == {f"Q {outcome}": 1}


async def test_what_is_refused_is_no_failure():
    graph = toy.a_graph()
    graph.execution = Counted(Usual(toy.schema), known={"Q"})

    async def journey():
        await toy.ask(graph, "query Q { fails }", by="taken")

    assert await counted("operation", journey) == {"Q refused": 1}


async def test_the_outbox_tells_how_far_behind_it_is():
    now = clock.now()
    assert (await figures())["breakroom_outbox_lag_seconds"] == 0
    with clock.set_to(now):
        await an_event(due_at=now - timedelta(seconds=90))
        await an_event(due_at=now - timedelta(seconds=5))
        await an_event(due_at=now + timedelta(seconds=5))
        await an_event(due_at=now - timedelta(days=1), delivered_at=now)
        await an_event(due_at=now - timedelta(days=1), failed_at=now)
        found = await figures()
    assert found["breakroom_outbox_waiting"] == 2
    assert found["breakroom_outbox_lag_seconds"] == 90
    assert found["breakroom_outbox_failed"] == 1


async def an_event(**given) -> Event:
    return await Event.create(name="tea.made", payload={}, **given)


async def test_a_database_that_does_not_answer_is_a_figure_too(monkeypatch):
    monkeypatch.setattr(metrics, "PATIENCE", 0.0)
    found = await figures()
    assert found["breakroom_database_up"] == 0
    assert found["breakroom_outbox_waiting"] != found["breakroom_outbox_waiting"]  # not a number
    monkeypatch.undo()
    assert (await figures())["breakroom_database_up"] == 1


async def test_connections_and_writes_are_counted_while_they_are_busy(monkeypatch):
    monkeypatch.setattr(metrics, "PATIENCE", 0.05)  # SQLite is busy with the one transaction
    begun, end = asyncio.Event(), asyncio.Event()

    @transaction
    async def write() -> None:
        begun.set()
        await end.wait()

    writing = asyncio.create_task(write())
    await begun.wait()
    during = await figures()
    end.set()
    await writing
    after = await figures()

    assert [during["breakroom_writes"], after["breakroom_writes"]] == [1, 0]
    assert during["breakroom_database_connections busy"] == 1
    assert after["breakroom_database_connections busy"] == 0
    assert after["breakroom_database_connections idle"] == db.usage().open


async def test_open_sockets_are_counted():
    async with serving() as address:
        uri = f"ws://{address}/graphql"
        async with connect(uri, subprotocols=["graphql-transport-ws"], proxy=None):
            assert (await figures())["breakroom_sockets"] == 1
    assert (await figures())["breakroom_sockets"] == 0


async def test_the_process_is_measured():
    found = await figures()
    assert found["process_resident_memory_bytes"] > 0
    assert found["process_open_fds"] > 0
