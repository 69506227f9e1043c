"""A small graph of nothing in particular, and ways to ask it."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any

import httpx
import strawberry
from starlette.requests import HTTPConnection
from strawberry.schema.config import StrawberryConfig
from structlog.contextvars import bound_contextvars

from api import scalars
from api.errors import Refusal, Stranger
from api.graph import Graph
from core.errors import Conflict, Unauthenticated
from core.settings import Settings
from core.text import Language, Text

REQUEST_ID = "request-1"
JSON = "application/json"
RESPONSE_JSON = "application/graphql-response+json"


class NameTaken(Conflict):
    text = Text("{name} is taken.", "{name} 已被使用。", "{name} 已被使用。")


class NotSignedIn(Unauthenticated):
    text = Text("Sign in first.", "请先登录。", "請先登入。")


@dataclass
class Context:
    language: Language
    request_id: str
    viewer: str


async def context(connection: HTTPConnection) -> Context:
    name = connection.headers.get("authorization", "Bearer nobody").removeprefix("Bearer ")
    if name == "revoked":
        raise NotSignedIn
    stranger = Stranger.of(connection)
    return Context(stranger.language, stranger.request_id, name)


Info = strawberry.Info[Context, None]


@strawberry.type
class Person:
    name: str

    @strawberry.field
    def friend(self) -> "Person":
        return Person(name=f"{self.name}'s friend")

    @strawberry.field
    def friends(self, first: int = 20) -> "PersonConnection":
        return PersonConnection(nodes=[Person(name=str(n)) for n in range(first)])


@strawberry.type
class PersonConnection:
    nodes: list[Person]


@strawberry.type
class Query:
    @strawberry.field
    def me(self, info: Info) -> Person:
        return Person(name=info.context.viewer)

    @strawberry.field
    def people(self, first: int = 20) -> PersonConnection:
        return PersonConnection(nodes=[Person(name=str(n)) for n in range(first)])

    @strawberry.field
    def echo(self, text: str = "", id: strawberry.ID | None = None, number: int = 0) -> str:
        return text or str(id or number)

    @strawberry.field
    def scaled(self, by: float) -> float:
        return by

    @strawberry.field
    def moment(self, at: datetime) -> datetime:
        return at

    @strawberry.field
    def day(self, on: date) -> date:
        return on

    @strawberry.field
    def fails(self, info: Info) -> str | None:
        raise FAILURES[info.context.viewer]

    @strawberry.field
    def miscounts(self) -> int | None:
        return "secret"  # type: ignore[return-value]  # the mistake is the point

    @strawberry.field
    async def never(self) -> str:
        return await asyncio.get_running_loop().create_future()


FAILURES: dict[str, Exception] = {"nobody": RuntimeError("secret"), "taken": NameTaken(name="Ann")}


@strawberry.type
class Renamed:
    person: Person


RenameResult = Annotated[Renamed | Refusal, strawberry.union("RenameResult")]


@strawberry.type
class Mutation:
    @strawberry.mutation
    def rename(self, info: Info, name: str) -> RenameResult:
        if name == "Ann":
            return Refusal.of(NameTaken(name=name), info.context.language)
        return Renamed(person=Person(name=name))


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def count(self, to: int) -> AsyncGenerator[int, None]:
        for number in range(to):
            yield number

    @strawberry.subscription
    async def wait(self) -> AsyncGenerator[int, None]:
        waiting.append(self)
        try:
            await asyncio.get_running_loop().create_future()
            yield 0
        finally:
            waiting.pop()

    @strawberry.subscription
    async def breaks(self) -> AsyncGenerator[int, None]:
        yield 0
        raise RuntimeError("secret")


waiting: list[Any] = []

schema = strawberry.Schema(
    Query, Mutation, Subscription, config=StrawberryConfig(scalar_map=scalars.SCALARS)
)


def a_graph(**chosen: Any) -> Graph:
    return Graph(schema, context=context, chosen=Settings(**chosen))


async def ask(graph: Graph, query: str | None = None, **sent: Any) -> httpx.Response:
    """POST an operation; `accept`, `language` and `by` become headers, the rest the body."""
    headers = {
        "accept": sent.pop("accept", RESPONSE_JSON),
        "accept-language": sent.pop("language", "en"),
        "authorization": f"Bearer {sent.pop('by', 'nobody')}",
    }
    body = sent if query is None else {"query": query, **sent}
    return await request(graph, "POST", json=body, headers=headers)


async def request(graph: Graph, method: str, **options: Any) -> httpx.Response:
    transport = httpx.ASGITransport(graph)
    async with httpx.AsyncClient(transport=transport, base_url="http://toy") as http:
        with bound_contextvars(request_id=REQUEST_ID):
            return await http.request(method, "/", **options)
