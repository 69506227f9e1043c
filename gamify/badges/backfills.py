"""Backfills: a badge counts what was done before it was made, too."""

from uuid import UUID

from core import audit, clock, events
from core.people import Person
from core.transactions import transaction
from gamify.badges import badges, earning, tallies
from gamify.badges.awards import Award
from gamify.badges.badges import BEGINNING, EARNED, EXPERT, Badge
from gamify.badges.previews import NothingToCount

AT_ONCE = 200  # people


@transaction
async def begin(badge_id: UUID, *, by: Person) -> Badge:
    """Count everything from the beginning; whoever has won it by that hears of it soon."""
    badge = await badges.found(badge_id)
    if badge.kind not in {EARNED, EXPERT} or not badge.is_active:
        raise NothingToCount
    if badge.kind is EXPERT:
        await events.record("badge.experts_wanted", badge=badge.id)
    else:
        badge.counts_from, badge.is_backfilling = BEGINNING, True
        await badge.save(update_fields=["counts_from", "is_backfilling"])
    await audit.record("badge.backfilled", by=by.id, badge=badge.id)
    return badge


async def go_on() -> None:
    """Due work: award what is owed, some people at a time; several processes may do it at once."""
    for badge in await Badge.filter(is_backfilling=True, is_active=True, kind=EARNED):
        owed = await _owed(badge)
        for person_id in owed[:AT_ONCE]:
            await earning.settle(person_id, at=clock.now())
        if len(owed) <= AT_ONCE:
            await Badge.filter(id=badge.id).update(is_backfilling=False)


async def _owed(badge: Badge) -> list[UUID]:
    """Who reached a level that they were never awarded."""
    awarded = Award.filter(badge_id=badge.id, level__isnull=False)
    known = set(await awarded.values_list("person_id", "level"))
    return [
        person_id
        for person_id, tally in (await tallies.of_all(badge)).items()
        if any((person_id, level) not in known for level in badge.criteria.reached(tally))
    ]
