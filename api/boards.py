"""Boards: who did how much in a day, a week or a month."""

from datetime import date
from typing import ClassVar

import strawberry

from api.people import Person as PersonView
from api.people import Team
from api.roots import mutation, payload, query
from api.views import unsteady, view
from core import people
from core.pages import Page
from core.people import Person
from gamify.boards import hidden_names, places
from gamify.boards.boards import Kind, Measure, Scope
from gamify.boards.spans import Span

strawberry.enum(Measure, name="BoardMeasure", description="What a board counts.")
strawberry.enum(Scope, name="BoardScope")
strawberry.enum(Span, name="BoardSpan")


@view(places.Place)
class Place:
    """A person, null where they are not named, or a team; those with as much share a rank."""

    steady: ClassVar = True

    rank: int
    score: float
    person: PersonView | None
    team: Team | None
    is_viewers: bool


@view(places.Standing)
class Board:
    """The first places, and the viewer's own with three above and below; nobody is shown last."""

    steady: ClassVar = True

    measure: Measure
    scope: Scope
    span: Span
    begins_on: date
    ends_on: date
    is_closed: bool
    places: list[Place]
    viewer_place: Place | None = unsteady()
    viewer_places: list[Place] = unsteady()


@query(Board)
async def board(  # noqa: PLR0913  # one for each argument of the field
    viewer: Person,
    measure: Measure,
    span: Span,
    *,
    scope: Scope = Scope.PEOPLE,
    on: date | None = None,
    first: int = 10,
) -> places.Standing:
    """The running board, or the one of a day gone by; a team has the mean of its members."""
    kind = Kind(measure, scope, span)
    return await places.standing(kind, on, first=Page(first).first, viewer=viewer)


@mutation(payload("NameHidden", PersonView))
async def hide_name_on_boards(viewer: Person) -> people.Person:
    """Be named on no board; what you do counts as before, and you see your own place."""
    return await hidden_names.hide(by=viewer)


@mutation(payload("NameShown", PersonView))
async def show_name_on_boards(viewer: Person) -> people.Person:
    return await hidden_names.show(by=viewer)
