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
    have: Tally

    @property
    def level(self) -> Level | None:
        return next(reversed(self.badge.criteria.reached(self.have)), None)

    @property
    def next_level(self) -> Level | None:
        return self.badge.criteria.next(self.have)

    @property
    def picture_url(self) -> str:
        return pictures.url(self.badge.icon, self.level)

    @property
    def steps(self) -> list[Step]:
        """Of what the next level needs, how much is there."""
        if self.next_level is None:
            return []
        needed = self.badge.criteria.levels[self.next_level]
        figures = zip(Measure, self.have, needed, strict=True)
        return [Step(measure, min(have, least), least) for measure, have, least in figures if least]


async def of(person_ids: Sequence[UUID]) -> list[list[Progress]]:
    """By what colleagues confirmed in the open."""
    earned = await badges.active(EARNED)
    found = await tallies.of(earned, person_ids)
    return [
        [
            Progress(badge, tally.get(id, Tally()))
            for badge, tally in zip(earned, found, strict=True)
        ]
        for id in person_ids
    ]


async def unseen(helped_counts: Sequence[int]) -> list[list[Progress]]:
    """For each who helped so many in support groups; nothing of it is stored."""
    listening = await badges.active(UNSEEN)
    return [[Progress(badge, Tally(times=n)) for badge in listening] for n in helped_counts]
