"""Criteria: what has to be confirmed how often, by how many colleagues, on how many days."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Any, NamedTuple, Self
from uuid import UUID

from core.errors import Invalid
from core.text import Text
from gamify.badges.deeds import DeedKind

MOST = 10_000  # that a criterion may ask for


class Level(StrEnum):
    BRONZE = "BRONZE"
    SILVER = "SILVER"
    GOLD = "GOLD"


class Tally(NamedTuple):
    """Figures, of what was done or of what a level needs."""

    times: int = 0
    people: int = 0  # distinct colleagues who confirmed it
    days: int = 0  # distinct business dates
    weeks: int = 0

    def meets(self, needed: "Tally") -> bool:
        return all(have >= least for have, least in zip(self, needed, strict=True))


class LevelsNotRising(Invalid):
    text = Text(
        f"Give at least one level, each with figures from 1 to {MOST:,}; a higher level asks for "
        "more than the one below.",
        f"请至少设置一个等级，数值在 1 到 {MOST:,} 之间，且高等级的要求要高于低等级。",
        f"請至少設定一個等級，數值在 1 到 {MOST:,} 之間，且高等級的要求要高於低等級。",
    )


@dataclass(frozen=True, slots=True)
class Criteria:
    """What counts: deeds of these kinds (none: of any), in a tag if there is one."""

    levels: Mapping[Level, Tally]
    deeds: Sequence[DeedKind] = ()
    tag_id: UUID | None = None

    def check(self) -> None:
        """Raises LevelsNotRising."""
        needed = [self.levels[level] for level in self.rising]
        for lower, higher in pairwise([Tally(), *needed]):
            if lower == higher or not higher.meets(lower) or max(higher) > MOST:
                raise LevelsNotRising
        if not needed:
            raise LevelsNotRising

    @property
    def rising(self) -> list[Level]:
        return [level for level in Level if level in self.levels]

    def reached(self, have: Tally) -> list[Level]:
        return [level for level in self.rising if have.meets(self.levels[level])]

    def next(self, have: Tally) -> Level | None:
        return next((level for level in self.rising if not have.meets(self.levels[level])), None)

    def plain(self) -> dict[str, Any]:
        return {
            "levels": {level.value: [*figures] for level, figures in self.levels.items()},
            "deeds": list(self.deeds),
            "tag": str(self.tag_id) if self.tag_id else None,
        }

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> Self:
        return cls(
            {Level(level): Tally(*figures) for level, figures in plain["levels"].items()},
            [DeedKind(kind) for kind in plain.get("deeds", ())],
            UUID(plain["tag"]) if plain.get("tag") else None,
        )
