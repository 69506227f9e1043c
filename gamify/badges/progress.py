"""Progress: how far somebody is with each badge, and what the next level needs."""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from gamify.badges import badges, pictures, tallies
from gamify.badges.badges import EARNED, UNSEEN, Badge
from gamify.badges.criteria import Level, Tally


class Measure(StrEnum):
    TIMES = "TIMES"
    PEOPLE = "PEOPLE"
    DAYS = "DAYS"
    WEEKS = "WEEKS"


class Step(NamedTuple):
    measure: Measure
    have: int
    needed: int


class Progress(NamedTuple):
    badge: Badge
    level: Level | None
    next_level: Level | None
    steps: Sequence[Step]
    """of what the next level needs, how much is there"""

    @property
    def picture_url(self) -> str:
        return pictures.url(self.badge.icon, self.level)


async def of(person_ids: Sequence[UUID]) -> list[list[Progress]]:
    """By what colleagues confirmed in the open."""
    earned = await badges.active(EARNED)
    found = await tallies.of(earned, person_ids)
    return [
        [
            _towards(badge, tally.get(id, Tally()))
            for badge, tally in zip(earned, found, strict=True)
        ]
        for id in person_ids
    ]


async def unseen(helped_counts: Sequence[int]) -> list[list[Progress]]:
    """For each who helped so many in support groups; nothing of it is stored."""
    listening = await badges.active(UNSEEN)
    return [[_towards(badge, Tally(times=n)) for badge in listening] for n in helped_counts]


def _towards(badge: Badge, have: Tally) -> Progress:
    criteria = badge.criteria
    level, next_level = next(reversed(criteria.reached(have)), None), criteria.next(have)
    needed = criteria.levels[next_level] if next_level else Tally()
    return Progress(badge, level, next_level, _steps(have, needed))


def _steps(have: Tally, needed: Tally) -> list[Step]:
    figures = zip(Measure, have, needed, strict=True)
    return [Step(measure, min(there, least), least) for measure, there, least in figures if least]
