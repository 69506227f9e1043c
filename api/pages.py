"""Pages for machines and developers: health, readiness, figures, and a start page."""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route


async def healthz(request: Request) -> Response:
    return PlainTextResponse("ok")


ROUTES = [Route("/healthz", healthz)]
