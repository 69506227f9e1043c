"""Pages for machines: is it alive, is it ready, what are its figures."""

from hmac import compare_digest
from ipaddress import ip_address

from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from api import metrics
from core import health, settings

PASSED_ON = {"forwarded", "x-forwarded-for", "x-real-ip", "via"}
"""what proxies add to a request"""


async def healthz(request: Request) -> Response:
    """Whether this process is alive; it asks nobody else."""
    return PlainTextResponse("ok")


async def readyz(request: Request) -> Response:
    """Whether requests may be sent here, and what is wrong; it tells no secret."""
    problems = await health.problems()
    ready = "database" not in problems
    return JSONResponse({"ready": ready, "problems": problems}, 200 if ready else 503)


async def get_metrics(request: Request) -> Response:
    if not (_is_near(request) or _has_token(request)):
        raise HTTPException(404)
    return Response(await metrics.exposition(), media_type=CONTENT_TYPE_PLAIN_0_0_4)


ROUTES = [
    Route("/healthz", healthz),
    Route("/readyz", readyz),
    Route("/metrics", get_metrics),
]


def _is_near(request: Request) -> bool:
    """Whether it comes from an address that is let in, and not through a proxy that runs there."""
    if request.client is None or PASSED_ON & set(request.headers):
        return False
    address = ip_address(request.client.host)
    return any(address in network for network in settings.current().metrics_from)


def _has_token(request: Request) -> bool:
    token = settings.current().metrics_token.get_secret_value()
    given = request.headers.get("authorization", "").removeprefix("Bearer ")
    return bool(token) and compare_digest(given.encode(), token.encode())
