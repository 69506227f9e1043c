"""Every request's id, its line in the log, and what of a fault is told."""

from uuid import uuid4

import pytest
from starlette.types import Message
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs
from tortoise.connection import get_connection
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from api.app import app
from core.media import uploads
from core.media.uploads import Purpose, Upload
from tests.api.edge import client, get
from tests.makers import OPERATIONS, a_key, a_person, operation
from tests.servers import serving


async def id_given(sent: str) -> str:
    return (await get("/healthz", x_request_id=sent)).headers["x-request-id"]


async def test_every_answer_bears_an_id_of_its_own():
    one, other = [(await get("/healthz")).headers["x-request-id"] for _ in range(2)]
    assert len(one) == len(other) == 32
    assert one != other


async def test_who_asks_may_give_the_id_in_a_form_that_tells_nothing():
    plain, dashed = uuid4().hex, str(uuid4())
    assert await id_given(plain) == plain
    assert await id_given(dashed.upper()) == dashed


@pytest.mark.parametrize("sent", ["13800138000", "ann@example.com", "x" * 32, "0" * 33, ""])
async def test_any_other_id_is_replaced(sent):
    assert await id_given(sent) not in {"", sent}


async def test_a_request_is_a_line_without_its_path_and_query():
    with capture_logs() as lines:
        await get("/media/0123abcd.webp?expires=1&signature=secret")
    [line] = lines
    assert line.pop("ms") >= 0
    assert line == {
        "event": "request",
        "log_level": "info",
        "method": "GET",
        "route": "/media/{name:str}",
        "status": 403,
    }


async def test_no_name_of_a_method_or_path_is_taken_from_who_asks():
    with capture_logs() as lines:
        async with client() as http:
            await http.request("ANN", "/people/ann")
    [line] = lines
    assert (line["method"], line["route"], line["status"]) == ("other", "none", 404)


async def test_machines_that_look_after_us_leave_a_line_only_when_something_is_wrong():
    with capture_logs() as lines:
        await get("/healthz")
        await get("/readyz")
        await get("/metrics", "203.0.113.9")
    assert [(line["route"], line["status"]) for line in lines] == [("/metrics", 404)]


async def an_upload() -> Upload:
    return await uploads.request(Purpose.PHOTO, by=await a_person(), key=a_key())


async def test_a_fault_outside_graphql_is_masked_and_known_by_its_request_id():
    upload = await an_upload()
    await get_connection("default").execute_script("UPDATE upload SET purpose = 'SECRET'")
    with capture_logs() as lines:
        async with client(headers={"accept-language": "zh-CN"}) as http:
            answer = await http.put(upload.url, content=b"")
    assert answer.status_code == 500
    assert answer.json() == {
        "code": "INTERNAL",
        "message": "出了意外的问题",
        "requestId": answer.headers["x-request-id"],
    }
    assert [line["event"] for line in lines] == ["request.failed", "request"]
    assert (lines[1]["route"], lines[1]["status"]) == ("/uploads/{id:str}", 500)


async def test_who_leaves_before_the_answer_is_no_fault():
    path, _, query = (await an_upload()).url.partition("?")
    scope = {
        "type": "http",
        "method": "PUT",
        "path": path,
        "query_string": query.encode(),
        "headers": [],
    }
    sent: list[Message] = []
    with capture_logs() as lines:
        await app()(scope, left, sent.append)
    assert sent == []
    assert [(line["event"], line["status"]) for line in lines] == [("request", 499)]


async def left() -> Message:
    return {"type": "http.disconnect"}


async def test_an_operation_is_in_the_line_by_name_if_its_document_is_registered(set_limits):
    set_limits(documents=OPERATIONS)
    document, name = operation("Feed")
    assert await logged(document, operationName=name) == ("Feed", "refused")
    assert await logged("query Feed { viewer { grants } }") == ("Feed", "ok")
    assert await logged("query Ann13800138000 { viewer { grants } }") == ("other", "ok")
    assert await logged("{ viewer { grants } }") == ("other", "ok")


async def test_in_development_every_name_is_in_the_line(set_limits):
    set_limits(development=True)
    assert await logged("query Mine { viewer { grants } }") == ("Mine", "ok")


async def test_a_document_that_does_not_fit_leaves_nothing_of_itself_in_the_line(set_limits):
    assert await logged("query Mine { secret }") == (None, None)


async def logged(document: str, **sent: str) -> tuple[str | None, str | None]:
    """What the line says of an operation."""
    with capture_logs(processors=[merge_contextvars]) as lines:
        async with client() as http:
            await http.post("/graphql", json={"query": document, **sent})
    [line] = lines
    return line.get("operation"), line.get("outcome")


@pytest.mark.committed
async def test_a_socket_is_a_line_when_it_closes():
    with capture_logs() as lines:
        async with serving() as address:
            uri = f"ws://{address}/graphql?token=secret"
            async with connect(uri, subprotocols=["graphql-transport-ws"], proxy=None) as wire:
                await wire.send("no JSON")
                with pytest.raises(ConnectionClosed):
                    await wire.recv()
    [line] = lines
    assert line.pop("seconds") >= 0
    assert line == {"event": "socket", "log_level": "info", "route": "/graphql", "code": 4400}
