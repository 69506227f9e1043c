"""A garden in which anything may be ill: rows, batches and roots have faults, by a seed.

Its views have fields of every kind, nullable and not. Its roots bear names that the policy knows.
"""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from functools import cache, wraps
from typing import Annotated, Any
from uuid import UUID
from zlib import crc32

import strawberry
from strawberry.schema.config import StrawberryConfig

from api import scalars
from api.connections import Connection
from api.context import Context
from api.roots import compose, mutation, payload, query, subscription
from api.views import ROW, Node, batch, id_of, itself, view
from core import pages
from core.errors import Conflict, NotFound
from core.pages import Listing, Page
from core.people import Person
from core.text import Text
from tests.engine.turnstile import Turnstile

LISTING = Listing("garden", "planted_at")
SPRING = datetime(2026, 3, 21, 6, 30, tzinfo=UTC)


class Rotten(Conflict):
    text = Text("Rotten to the core.", "烂透了。", "爛透了。")


class NotPlanted(NotFound):
    text = Text("Nothing grows here.", "这里寸草不生。", "這裡寸草不生。")


@strawberry.enum
class Colour(Enum):
    RED = "red"
    GREEN = "green"


@dataclass
class Season(Context):
    """Its seed decides what is ill: of so many values one, and of so many calls one."""

    seed: int = 0
    values: int = 80
    calls: int = 20
    called: list[tuple[str, int]] = field(default_factory=list)
    turnstile: Turnstile | None = None

    async def pass_(self, which: object) -> None:
        if self.turnstile:
            await self.turnstile.pass_(which)

    def ill(self, one_in: int, *of: object) -> int:
        """How ill, from 1 to 5, or 0."""
        chance = crc32(repr((self.seed, *of)).encode())
        return 0 if chance % one_in else 1 + chance // one_in % 5


def harvested(ill: int, healthy: Callable[[], Any]) -> Any:
    match ill:
        case 0:
            return healthy()
        case 1:
            raise RuntimeError("withered")
        case 2:
            raise Rotten
        case 3:
            return RuntimeError("withered")
        case 4:
            return None
        case _:
            return object()


class Row:
    def __init__(self, number: int, season: Season) -> None:
        self.number, self.season = number % 997, season
        self.id = UUID(int=self.number)
        self.planted_at = SPRING + timedelta(days=self.number)

    def other(self, step: int) -> "Row":
        kind = BirdRow if step % 3 == 0 else TreeRow
        return kind(self.number * 7 + step, self.season)

    def tree(self, step: int) -> "TreeRow":
        return TreeRow(self.number * 7 + step, self.season)


class TreeRow(Row):
    pass


class BirdRow(Row):
    pass


class SpotRow(Row):
    pass


def grows(name: str, healthy: Callable[[Any], Any]) -> Any:
    """An attribute of a row."""

    def value(row: Row) -> Any:
        ill = row.season.ill(row.season.values, name, row.number)
        return harvested(ill, lambda: healthy(row))

    return property(value)


SpotRow.sunny = grows("sunny", lambda row: row.number % 2 == 0)
SpotRow.depth = grows("depth", lambda row: row.number / 4)
SpotRow.tree = grows("tree", lambda row: TreeRow(row.number + 1, row.season))
BirdRow.name = grows("bird_name", lambda row: f"Bird {row.number}")
BirdRow.colours = grows("colours", lambda row: [Colour.RED, None, Colour.GREEN])
TreeRow.name = grows("name", lambda row: f"Tree {row.number}")
TreeRow.nick = grows("nick", lambda row: None if row.number % 2 else "Oak")
TreeRow.height = grows("height", lambda row: row.number)
TreeRow.colour = grows("colour", lambda row: Colour.GREEN)
TreeRow.tint = grows("tint", lambda row: Colour.RED)
TreeRow.felled_on = grows("felled_on", lambda row: date(2026, 1, 1 + row.number % 28))
TreeRow.watered_at = grows("watered_at", lambda row: row.planted_at)
TreeRow.spot = grows("spot", lambda row: SpotRow(row.number, row.season))
TreeRow.shade = grows("shade", lambda row: SpotRow(row.number + 1, row.season))
TreeRow.rings = grows("rings", lambda row: (row.number, 2**40 if row.number % 50 == 0 else 2))
TreeRow.marks = grows("marks", lambda row: ["a", None, object() if row.number % 40 == 0 else "b"])
TreeRow.spots = grows("spots", lambda row: [SpotRow(row.number + n, row.season) for n in range(3)])
TreeRow.patches = grows(
    "patches", lambda row: [SpotRow(row.number, row.season), None, row if row.number % 9 else None]
)
TreeRow.seed_of = grows("seed_of", lambda row: UUID(int=1) if row.number % 2 else None)


def ails(function: Callable[..., Any]) -> Callable[..., Any]:
    """A batch from what it has for one key: all of it may fail, and each of its values."""
    name = function.__name__

    @wraps(function)
    async def batched(keys: Sequence[Any], *, context: Season, **given: Any) -> Any:
        told = tuple((key, repr(given[key])) for key in sorted(given.keys() - {"viewer"}))
        await context.pass_((name, told))
        context.called.append((name, len(keys)))
        match context.ill(context.calls, name, told):
            case 1 | 2:
                raise RuntimeError("blighted")
            case 3:
                raise Rotten
            case 4:
                return [None] * (len(keys) + 1)
        return [_one(context, name, row, function(row, context=context, **given)) for row in keys]

    return batched


def _one(context: Season, name: str, row: Row, healthy: Any) -> Any:
    """For one key a batch may have an exception, but never raises."""
    ill = context.ill(context.values, name, row.number)
    return Rotten() if ill in {1, 2} else harvested(ill, lambda: healthy)


def page_of(row: Row, page: Page) -> pages.Connection[Any]:
    trees = [row.tree(step) for step in range(min(page.first, 3))]
    return pages.Connection(LISTING, trees, has_next_page=bool(page.after))


@ails
def neighbours(row: Row, *, context: Season) -> Any:
    return row.tree(1) if row.number % 5 else None


@ails
def parents(row: Row, *, context: Season) -> Any:
    return row.tree(2)


@ails
def guests(row: Row, *, context: Season, most: int = 2) -> Any:
    return [row.other(step) if step != 1 else None for step in range(most)]


@ails
def birds(row: Row, *, context: Season) -> Any:
    return [BirdRow(row.number + n, row.season) for n in range(2)]


@ails
def owners(row: Row, *, context: Season) -> Any:
    return row.other(row.number)


@ails
def branches(row: Row, *, context: Season, page: Page) -> Any:
    return page_of(row, page)


@ails
def twigs(row: Row, *, context: Season, page: Page) -> Any:
    return page_of(row, page)


@ails
def ages(row: Row, *, context: Season, viewer: Person, since: datetime, of: Colour) -> Any:
    return row.number + since.year + len(of.value)


@ails
def songs(row: Row, *, context: Season, language: str, loud: bool = False) -> Any:
    return f"{language} {row.number} {loud}"


@view(SpotRow)
class Spot:
    """Nothing but what stands in its row."""

    sunny: bool
    depth: float | None
    tree: "Tree"


@view(BirdRow)
class Bird(Node):
    name: str
    colours: list[Colour | None] | None
    song: str | None = batch(songs, key=ROW)
    nest: "Tree | None" = batch(neighbours, key=ROW)


@view(TreeRow)
class Tree(Node):
    name: str
    nick: str | None
    height: int
    colour: Colour
    tint: Colour | None
    felled_on: date | None
    watered_at: datetime
    spot: Spot
    shade: Spot | None
    rings: list[int]
    marks: list[str | None] | None
    spots: list[Spot]
    patches: list[Spot | None]
    again: "Tree | None" = itself()
    seed_of: UUID | None = id_of("tree", key="seed_of")
    neighbour: "Tree | None" = batch(neighbours, key=ROW)
    parent: "Tree" = batch(parents, key=ROW)
    guests: "list[Guest | None]" = batch(guests, key=ROW)
    birds: list[Bird] = batch(birds, key=ROW)
    owner: Node | None = batch(owners, key=ROW)
    branches: Connection["Tree"] = batch(branches, key=ROW)
    twigs: Connection["Tree"] | None = batch(twigs, key=ROW)
    age: int = batch(ages, key=ROW)
    song: str | None = batch(songs, key=ROW)


Guest = Annotated[Tree | Bird, strawberry.union("Guest")]


@strawberry.input
class Plan:
    name: str
    colour: Colour = Colour.RED
    notes: list[str] = strawberry.field(default_factory=list)
    beside: UUID | None = None


async def _reached(context: Season, name: str, *given: object) -> None:
    await context.pass_(object())
    ill = context.ill(context.calls, name, *given)
    if ill:
        raise NotPlanted if ill == 1 else Rotten if ill == 2 else RuntimeError("fenced off")


@query(Tree | None)
async def viewer(context: Context, number: int = 1) -> Any:
    await _reached(context, "viewer", number)
    return TreeRow(number, context)


@query(Connection[Tree])
async def feed(context: Context, page: Page, near: UUID | None = None) -> Any:
    await _reached(context, "feed", near)
    return page_of(TreeRow(near.int if near else 0, context), page)


@query(list[Tree])
async def groups_(context: Context, numbers: list[int], plan: Plan | None = None) -> Any:
    await _reached(context, "groups", numbers, plan)
    return [TreeRow(n, context) for n in numbers] + [None] * (len(numbers) == 4)


@query(Node | None)
async def node(context: Context, id: UUID) -> Any:
    await _reached(context, "node", id)
    return {"tree": TreeRow, "bird": BirdRow}.get(id.tag, SpotRow)(id.int, context)


@query(Guest)
async def person(context: Context, at: datetime | None = None) -> Any:
    await _reached(context, "person", at)
    return TreeRow(at.day, context) if at else BirdRow(1, context)


@mutation(payload("TreePlanted", Tree))
async def create_post(context: Context, draft: Plan) -> Any:
    await _reached(context, "create_post", draft)
    return TreeRow(len(draft.name) + len(draft.notes), context)


@view(TreeRow)
class TreeFelled:
    tree_id: UUID = id_of("tree")
    owner: Guest = batch(owners, key=ROW)


@mutation(TreeFelled)
async def delete_post(context: Context, post_id: UUID, *, quiet: bool = True) -> Any:
    await _reached(context, "delete_post", post_id, quiet)
    return TreeRow(post_id.int, context)


@subscription(Tree)
async def group_activity(context: Context, numbers: list[int], step: int = 1) -> Any:
    for number in numbers:
        yield TreeRow(number * step, context) if number else None


@cache
def schema() -> strawberry.Schema:
    here = [sys.modules[__name__]]
    return strawberry.Schema(
        compose("Query", here),
        compose("Mutation", here),
        compose("Subscription", here),
        types=[Tree, Bird],
        config=StrawberryConfig(scalar_map=scalars.SCALARS),
    )
