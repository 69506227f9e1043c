import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.routing import Route

from api.deadlines import Deadline
from core.media import uploads
from core.media.uploads import Purpose
from tests.api.edge import client
from tests.makers import a_key, a_person


async def slowly(*chunks: bytes) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk
    await asyncio.Event().wait()


async def test_an_upload_that_does_not_end_is_given_up(set_limits):
    set_limits(upload_seconds=0.05)
    upload = await uploads.request(Purpose.PHOTO, by=await a_person(), key=a_key())
    async with client(headers={"accept-language": "zh-CN"}) as http:
        answer = await http.put(upload.url, content=slowly(b"\xff\xd8"))
    assert answer.status_code == 503
    assert answer.json() == {
        "code": "SERVICE_BUSY",
        "kind": "BUSY",
        "message": "服务繁忙，请稍后再试。",
    }


async def test_an_answer_that_has_begun_is_cut_off(set_limits):
    async def endless(request: Request) -> StreamingResponse:
        return StreamingResponse(slowly(b"half"))

    set_limits(request_seconds=0.05)
    deadline = Middleware(Deadline, "request_seconds")
    app = Starlette(routes=[Route("/", endless, middleware=[deadline])])
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
        with pytest.raises(TimeoutError):
            await http.get("/")
