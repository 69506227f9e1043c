"""Previews: who would win a badge if it were made, counting everything that was done before."""

from collections import defaultdict
from dataclasses import dataclass
from random import SystemRandom
from uuid import UUID

from core import people
from core.errors import Invalid
from core.people import Person
from core.text import Text
from gamify.badges import making, tallies
from gamify.badges.badges import EARNED
from gamify.badges.criteria import Level
from gamify.badges.drafts import Draft

FEW = 5  # of fewer people nothing is told
SHOWN = 5


class NothingToCount(Invalid):
    text = Text(
        "Only what colleagues confirm in the open can be counted before.",
        "只有同事公开认可的事项才能预览。",
        "只有同事公開認可的事項才能預覽。",
    )


@dataclass(frozen=True, slots=True)
class Winners:
    """Whose highest level this would be."""

    level: Level
    count: int | None
    sample: list[Person]


async def of(draft: Draft) -> list[Winners]:
    """For each level; of fewer than 5 people neither number nor names. Raises NothingToCount."""
    if draft.kind is not EARNED:
        raise NothingToCount
    badge = making.drafted(draft)
    found = await tallies.of_all(badge)
    levels: defaultdict[Level, list[UUID]] = defaultdict(list)
    for person in await Person.filter(people.employed(), id__in=[*found]).only("id"):
        for level in badge.criteria.reached(found[person.id])[-1:]:
            levels[level].append(person.id)
    return [await _winners(level, levels[level]) for level in badge.criteria.rising]


async def _winners(level: Level, person_ids: list[UUID]) -> Winners:
    if len(person_ids) < FEW:
        return Winners(level, None, [])
    chosen = SystemRandom().sample(person_ids, SHOWN)
    return Winners(level, len(person_ids), await people.named(chosen))
