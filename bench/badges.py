"""Who holds which badges: nearly everybody three, by row numbers as all else of the company."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import orjson

from bench.company import UNTIL, Size, key
from bench.words import sentences
from gamify.badges import drafts
from gamify.badges.badges import BEGINNING
from gamify.badges.criteria import Level

GIVEN = ("made_my_day", "warm_welcome")  # by hand, without levels
CODES = ("helping_hand", GIVEN[0], "problem_solver", "always_there", GIVEN[1], "ripples")
HELD = (3, 3, 3, 2, 3, 3, 3, 1, 3, 3, 3, 3, 0, 3, 3, 3, 3)  # by turns
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Held:
    """One of the badges that somebody holds, by its place among them."""

    person: int
    place: int

    @property
    def code(self) -> str:
        return CODES[(self.person + self.place) % len(CODES)]

    @property
    def levels(self) -> Sequence[Level | None]:
        """All that were won, each an award; the last one is shown."""
        if self.code in GIVEN:
            return [None]
        return [*Level][: 1 + (self.person // len(CODES) + self.place) % len(Level)]

    @property
    def shown(self) -> tuple[UUID, Level | None]:
        return self.award(len(self.levels) - 1), self.levels[-1]

    def award(self, number: int) -> UUID:
        return key("award", self.person, self.place, number)

    def won_at(self, number: int) -> datetime:
        """The higher the later, and of the highest the first place is the latest."""
        below = len(self.levels) - number
        return UNTIL - (max(HELD) * below + self.place) * DAY


def held(person: int) -> list[Held]:
    return [Held(person, place) for place in range(HELD[person % len(HELD)])]


def badges(_: Size) -> Iterator[tuple[object, ...]]:
    """Those that come with the product."""
    for code, draft in drafts.shipped():
        columns = drafts.columns(draft).values()
        plain = (orjson.dumps(one).decode() if isinstance(one, dict) else one for one in columns)
        yield key("badge", code), code, BEGINNING, *plain


def awards(size: Size) -> Iterator[tuple[object, ...]]:
    for badge in (badge for person in range(size.people) for badge in held(person)):
        for number, level in enumerate(badge.levels):
            yield (
                *(badge.award(number), key("badge", badge.code), key("person", badge.person)),
                *(level, badge.won_at(number)),
                *(_earned(badge, level) if level else _given(badge, size)),
            )


def _earned(badge: Held, level: Level) -> tuple[object, ...]:
    return f"{key('person', badge.person)}:{level}", None, None


def _given(badge: Held, size: Size) -> tuple[object, ...]:
    """By the next person, who gives each badge once."""
    giver = key("person", (badge.person + 1) % size.people)
    return f"{giver}:{badge.won_at(0):%Y-%m}:0", giver, sentences(badge.person, 1)
