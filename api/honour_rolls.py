"""Honour rolls: the first three of the period that closed last, and a picture of them."""

from datetime import date

from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api import answers
from api.boards import Place
from api.deadlines import Deadline
from api.media import verify
from api.roots import query
from api.views import ROW, batch, view
from core.errors import Refused
from gamify.boards import honour_rolls
from gamify.boards.boards import Kind, Measure, Scope
from gamify.boards.spans import Span


@view(honour_rolls.HonourRoll)
class HonourRoll:
    measure: Measure
    scope: Scope
    span: Span
    begins_on: date
    ends_on: date
    places: list[Place]
    picture_url: str = batch(honour_rolls.urls, key=ROW)


@query(HonourRoll | None)
async def honour_roll(
    measure: Measure, span: Span, scope: Scope = Scope.PEOPLE
) -> honour_rolls.HonourRoll:
    """Of the period that closed last; who hides their name is not named here either."""
    return await honour_rolls.last(Kind(measure, scope, span))


async def get_picture(request: Request) -> Response:
    try:
        verify(request)
        content = await honour_rolls.picture(request.path_params["name"])
    except Refused as refused:
        return answers.refusal(request, refused)
    return Response(
        content, media_type="image/png", headers={"cache-control": "private, max-age=300"}
    )


ROUTES = [
    Route(
        "/honour-rolls/{name:str}",
        get_picture,
        methods=["GET"],
        middleware=[Middleware(Deadline, "request_seconds")],
    )
]
