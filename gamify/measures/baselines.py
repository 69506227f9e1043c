"""Baselines: what somebody did in a window, by per cent of what they do otherwise."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from gamify.boards.boards import Measure
from gamify.boards.scores import UNIT
from gamify.measures import figures

BEFORE = timedelta(days=56)
LEAST = 10  # days of it, or there is nothing to compare with


async def per_cent(
    person_ids: Sequence[UUID], measure: Measure, since: date, before: date
) -> dict[UUID, int]:
    """In hundredths of a per cent, of those who can be compared with themselves."""
    now = await figures.sums(person_ids, since, before)
    usual = await figures.sums(person_ids, since - BEFORE, since)
    found = {}
    for id, one in now.items():
        value = one.value(measure)
        base = usual[id].value(measure) if id in usual and usual[id].days >= LEAST else None
        if value is not None and base:
            found[id] = round(value * 100 * UNIT / base)
    return found
