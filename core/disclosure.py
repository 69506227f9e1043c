"""Disclosure: which figures about people may be told, so that none about a few can be worked out.

A whole is told beside some of its parts, and whoever adds and subtracts all of that must learn
nothing about fewer people than `least`, nor anything that is the same of everybody. What they can
work out are unions of told parts and of the rest, the people in no told part. So each told part and
the rest must be fit to be told; where the rest alone is not, the smallest told part goes with it.
"""

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from itertools import chain
from typing import NamedTuple, TypeVar

DIFFERING = 2  # people at least who differ from most: one of them knows of themselves

Part = TypeVar("Part", bound=Hashable)
Answers = Sequence[Hashable]


class Told(NamedTuple):
    whole: bool
    parts: set[Hashable]


def told(parts: Mapping[Part, Answers], others: Answers = (), *, least: int) -> Told:
    """What to tell of a whole that consists of these parts and of others, who are in none."""
    if not fit([*chain(*parts.values()), *others], least):
        return Told(whole=False, parts=set())
    shown = {part for part, answers in parts.items() if fit(answers, least)}
    rest = [*chain(*(parts[part] for part in parts.keys() - shown)), *others]
    if shown and rest and not fit(rest, least):
        shown.remove(min(shown, key=lambda part: (len(parts[part]), str(part))))
    return Told(whole=True, parts=set(shown))


def fit(answers: Answers, least: int) -> bool:
    """Whether there are enough of them, and not all but one the same."""
    return len(answers) >= least and len(answers) - max(Counter(answers).values()) >= DIFFERING
