"""Progress: how far the viewer is with each badge, help in support groups included."""

from collections.abc import Sequence

import strawberry

from api.badges.badges import Badge
from api.views import view
from community import helped
from core.people import Person
from gamify.badges import progress
from gamify.badges.criteria import Level
from gamify.badges.progress import Measure
from gamify.badges.streaks import Streak as Weeks

strawberry.enum(Measure, name="BadgeMeasure")


@view(progress.Step)
class BadgeStep:
    measure: Measure
    have: int
    needed: int


@view(progress.Progress)
class BadgeProgress:
    """`steps` are what the next level needs; there are none where the highest is reached."""

    badge: Badge
    level: Level | None
    next_level: Level | None
    steps: list[BadgeStep]
    picture_url: str


@view(Weeks)
class Streak:
    """Weeks in a row in which the viewer helped somebody; a pause and leave wait."""

    weeks: int
    is_safe_this_week: bool


async def of(people: Sequence[Person]) -> list[list[progress.Progress]]:
    seen = await progress.of([person.id for person in people])
    unseen = await progress.unseen(await helped.counts(people))
    return [one + other for one, other in zip(seen, unseen, strict=True)]
