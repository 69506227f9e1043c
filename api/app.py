"""The ASGI application: `uvicorn --factory api.app:app`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.routing import Route, WebSocketRoute

from api import context, media, pages, work
from api.composition import MODELS
from api.graph import Graph
from api.schema import schema
from core import db, settings, transactions


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
        async with work.going_on():
            yield
        await transactions.drain()
    finally:
        await db.disconnect()
