"""The ASGI application: `uvicorn --factory api.app:app`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.routing import Route, WebSocketRoute

from api import context, media, pages, work
from api.composition import MODELS, SHIPPED
from api.graph import Graph
from api.schema import schema
from core import db, settings, sms, transactions


def app() -> Starlette:
    graph = Graph(schema(), context=context.of)
    return Starlette(
        routes=[
            Route("/graphql", graph),
            WebSocketRoute("/graphql", graph),
            *media.ROUTES,
            *pages.ROUTES,
        ],
        lifespan=lifespan,
    )


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
