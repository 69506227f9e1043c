"""The ASGI application, as `breakroom serve` runs it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.routing import BaseRoute, Route, WebSocketRoute

from api import context, documents, exports, media, pages, start, work
from api.access import Access
from api.composition import MODELS, SHIPPED
from api.engine import compiled
from api.graph import Graph
from api.headers import SecurityHeaders
from api.metrics import Counted
from api.schema import schema
from core import settings, transactions
from core.database import db
from core.identity import sms
from core.settings import Settings


def app() -> Starlette:
    chosen = settings.current()
    return Starlette(routes=_routes(chosen), middleware=_middleware(chosen), lifespan=lifespan)


def _routes(chosen: Settings) -> list[BaseRoute]:
    graph = Graph(schema(), context=context.of, execution=_execution(chosen))
    return [
        Route("/graphql", graph),
        WebSocketRoute("/graphql", graph),
        *media.ROUTES,
        *exports.ROUTES,
        *pages.ROUTES,
        *(start.ROUTES if chosen.development else []),
    ]


def _execution(chosen: Settings) -> Counted:
    registered = documents.operation_names(documents.registered(chosen.documents).values())
    execution = compiled.execution(schema(), chosen)
    return Counted(execution, known=None if chosen.development else registered)


def _middleware(chosen: Settings) -> list[Middleware]:
    """The first one sees a request first."""
    always = [Middleware(Access), Middleware(SecurityHeaders)]
    if not chosen.allowed_origins:
        return always
    cors = Middleware(
        CORSMiddleware,
        allow_origins=chosen.allowed_origins,
        allow_methods=["GET", "POST", "PUT"],
        allow_headers=["authorization", "content-type", "x-request-id"],
        expose_headers=["x-request-id"],
    )
    return [*always, cors]


@asynccontextmanager
async def lifespan(app: Starlette) -> AsyncIterator[None]:
    await db.connect(settings.current().database_url, MODELS)
    try:
        for ship in SHIPPED:
            await ship()
        async with work.going_on():
            yield
        await transactions.drain()
        await sms.drain()
    finally:
        await db.disconnect()
