"""Disclosure: which figures about people may be told, so that none about a few can be worked out.

A whole is told beside some of its parts, and whoever adds and subtracts all of that must learn
nothing about fewer people than `least`, nor anything that is the same of everybody. What they can
work out are unions of told parts and of the rest, the people in no told part. So each told part and
the rest must be fit to be told; where the rest alone is not, the smallest told part goes with it.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from itertools import chain, combinations
from typing import NamedTuple, TypeVar, cast

DIFFERING = 2  # people at least who differ from most: one of them knows of themselves

REST = object()  # what is in no told part

Part = TypeVar("Part", bound=Hashable)
Other = TypeVar("Other", bound=Hashable)
Answers = Sequence[Hashable]
Cells = dict[tuple[Hashable, Hashable], Counter[Hashable]]


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


def crossed(
    rows: Iterable[tuple[Part, Other, Hashable]], *, least: int
) -> tuple[set[Part], set[Other]]:
    """What to tell of one told whole that is cut in two ways at once; each row has its answer.

    Whoever adds and subtracts both ways works out unions of this: all of some parts of one way,
    less those parts of the other way that lie wholly within them.
    """
    cells: Cells = {}
    for one, other, answer in rows:
        cells.setdefault((one, other), Counter())[answer] += 1
    first, second = (told(_cut(cells, way), least=least).parts for way in (0, 1))
    while touched := _betraying(_merged(cells, first, second), least):
        second.remove(min(touched, key=lambda part: (_size(cells, part), str(part))))
    return cast("set[Part]", first), cast("set[Other]", second)


def fit(answers: Answers | Counter[Hashable], least: int) -> bool:
    """Whether there are enough of them, and not all but one the same."""
    counts = Counter(answers)
    return counts.total() >= least and counts.total() - max(counts.values()) >= DIFFERING


def _cut(cells: Cells, way: int) -> dict[Hashable, list[Hashable]]:
    parts: dict[Hashable, list[Hashable]] = {}
    for cell, answers in cells.items():
        parts.setdefault(cell[way], []).extend(answers.elements())
    return parts


def _merged(cells: Cells, first: set[Hashable], second: set[Hashable]) -> Cells:
    """With the rest in place of what is not told."""
    merged: Cells = {}
    for (one, other), answers in cells.items():
        place = (one if one in first else REST, other if other in second else REST)
        merged[place] = merged.get(place, Counter()) + answers
    return merged


def _betraying(cells: Cells, least: int) -> set[Hashable]:
    """Told parts of the second way by which a group that is not fit can be worked out."""
    ways = {one for one, _ in cells}
    for some in chain(*(combinations(ways, n) for n in range(1, len(ways)))):
        inside = {place for place in cells if place[0] in some}
        beyond = {other for one, other in cells if one not in some}
        left = sum((cells[place] for place in inside if place[1] in beyond), Counter[Hashable]())
        if left and not fit(left, least):
            return {other for _, other in inside} - {REST}
    return set()


def _size(cells: Cells, part: Hashable) -> int:
    return sum(answers.total() for (_, other), answers in cells.items() if other == part)
