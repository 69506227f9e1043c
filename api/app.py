"""The ASGI application, as `breakroom serve` runs it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from api import (
    candidate_own_pages,
    candidate_pages,
    context,
    documents,
    exports,
    figures,
    honour_rolls,
    hooks,
    links,
    media,
    pages,
    pipeline,
    resumes,
    retention,
    start,
    work,
)
from api.access import Access
from api.badges import pictures
from api.composition import MODELS, SHIPPED
from api.engine import compiled
from api.graph import Graph
from api.headers import SecurityHeaders
from api.metrics import Counted
from api.schema import schema
from api.shop import reports as shop_reports
from core import settings, transactions
from core.database import db
from core.identity import sms
from core.settings import Settings

PATH = "/graphql"


def app() -> Starlette:
    chosen = settings.current()
    graph = Graph(schema(), context=context.of, execution=_execution(chosen))
    middleware = [*_middleware(chosen), Middleware(Shortcut, Route(PATH, graph))]
    return Starlette(routes=_routes(graph, chosen), middleware=middleware, lifespan=lifespan)


class Shortcut:
    """Past the router to where nearly all requests go."""

    def __init__(self, app: ASGIApp, route: Route) -> None:
        self.app = app
        self.route = route

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == self.route.path:
            scope["route"] = self.route
            await self.route.app(scope, receive, send)
        else:
            await self.app(scope, receive, send)


def _routes(graph: Graph, chosen: Settings) -> list[BaseRoute]:
    return [
        WebSocketRoute(PATH, graph),
        *media.ROUTES,
        *pictures.ROUTES,
        *exports.ROUTES,
        *hooks.ROUTES,
        *retention.ROUTES,
        *shop_reports.ROUTES,
        *pipeline.ROUTES,
        *candidate_pages.ROUTES,
        *candidate_own_pages.ROUTES,
        *figures.ROUTES,
        *honour_rolls.ROUTES,
        *links.ROUTES,
        *resumes.ROUTES,
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
