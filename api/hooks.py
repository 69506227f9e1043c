"""Hooks: POST /hooks/stages takes signed news of candidates from an applicant tracking system."""

from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from api import answers
from api.deadlines import Deadline
from core import settings
from core.errors import Invalid, Refused
from core.text import Text
from referrals import hooks

MOST = 100_000  # bytes


class TooLongHook(Invalid):
    text = Text("This is too long.", "内容过长。", "內容過長。")


async def post_stage(request: Request) -> Response:
    try:
        signature = request.headers.get(settings.current().hook_header, "")
        outcome = await hooks.take(await _body(request), signature)
    except Refused as refused:
        return answers.refusal(request, refused)
    return JSONResponse({"outcome": outcome})


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST:
            raise TooLongHook
    return bytes(body)


ROUTES = [
    Route(
        "/hooks/stages",
        post_stage,
        methods=["POST"],
        middleware=[Middleware(Deadline, "request_seconds")],
    )
]
