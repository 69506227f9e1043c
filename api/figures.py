"""Figures of the viewer's days, and POST /hooks/figures, by which another system tells them."""

from datetime import date, datetime

from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from api import answers
from api.deadlines import Deadline
from api.views import ROW, batch, view
from core.errors import Invalid, Refused
from core.text import Text
from gamify.measures import figure_hooks, figures

LONGEST = 200_000  # bytes
HEADER = "x-breakroom-signature"


class TooManyFigures(Invalid):
    text = Text(
        "This is too long; send less at once.", "内容过长，请分批发送。", "內容過長，請分批傳送。"
    )


@view(figures.Earlier)
class EarlierFigures:
    until: datetime
    volume: int
    on_duty_hours: float
    scheduled_hours: float
    resolution_rate: float | None
    satisfaction_score: float | None


@view(figures.Figure)
class DayFigures:
    """One's own business day, seen by oneself alone; corrections show what it said before."""

    day: date
    volume: int
    on_duty_hours: float
    scheduled_hours: float
    resolution_rate: float | None
    satisfaction_score: float | None
    restated_at: datetime | None
    earlier: list[EarlierFigures] = batch(figures.earlier, key=ROW)


async def post_figures(request: Request) -> Response:
    try:
        body = await _body(request)
        taken = await figure_hooks.take(body, request.headers.get(HEADER, ""))
    except Refused as refused:
        return answers.refusal(request, refused)
    rejected = [one._asdict() for one in taken.rejected]
    return JSONResponse(taken._asdict() | {"rejected": rejected})


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LONGEST:
            raise TooManyFigures
    return bytes(body)


ROUTES = [
    Route(
        "/hooks/figures",
        post_figures,
        methods=["POST"],
        middleware=[Middleware(Deadline, "request_seconds")],
    )
]
