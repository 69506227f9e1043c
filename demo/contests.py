"""Contests: two that are on, one that is over, and what some want to reach for themselves."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from core import clock
from core.people import Person
from demo.agenda import Act
from demo.threads import HERE, read
from gamify.boards import goals
from gamify.boards.boards import Measure, Scope
from gamify.boards.spans import Span
from gamify.challenges import challenges, entrants
from gamify.challenges.challenges import Aim, Plan

HR = "gu"
JOINED_AFTER = timedelta(hours=1)  # and each some minutes after the one before
GOALS_SET = timedelta(days=2)  # ago


class Contests:
    def __init__(self, cast: Mapping[str, Person]) -> None:
        self.cast, self.now = cast, clock.now()
        self.told = read(HERE / "contests.toml")
        self.ids: dict[str, UUID] = {}

    def acts(self) -> Iterator[Act]:
        for told in self.told["challenges"]:
            begun = self.now + timedelta(days=told["from"])
            yield Act(begun, partial(self._write, told))
            for n, key in enumerate(told["joined"]):
                at = min(begun + JOINED_AFTER + n * timedelta(minutes=7), self.now)
                yield Act(at, partial(self._join, told["title"], key))
        for told in self.told["goals"]:
            yield Act(self.now - GOALS_SET, partial(self._aim, told))

    async def _write(self, told: dict[str, Any]) -> None:
        row = await challenges.save(self._plan(told), by=self.cast[HR], key=uuid4().hex)
        self.ids[told["title"]] = row.id

    async def _join(self, title: str, key: str) -> None:
        await entrants.join(self.ids[title], by=self.cast[key])

    async def _aim(self, told: dict[str, Any]) -> None:
        measure, span = Measure(told["measure"]), Span(told["span"])
        await goals.set_(measure, span, told["target"], by=self.cast[told["who"]])

    def _plan(self, told: dict[str, Any]) -> Plan:
        def day(of: int) -> datetime:
            return self.now + timedelta(days=of)

        return Plan(
            title=told["title"],
            about=told["about"],
            measure=Measure(told["measure"]),
            scope=Scope(told["scope"]),
            aim=Aim.GOAL if "target" in told else Aim.TOP,
            begins_on=clock.business_date(day(told["from"])),
            ends_on=clock.business_date(day(told["to"])),
            prize=told["prize"],
            target=told.get("target", 0),
            places=told.get("places", 0),
        )
