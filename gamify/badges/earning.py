"""Earning: what is confirmed often enough wins a badge.

What was won stays won, unless a confirmation was taken back within 72 hours, as with points.
"""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from core import people
from core.database.sql import Statement
from core.events import Event
from core.transactions import transaction
from gamify.badges import awards, badges, deeds, tallies
from gamify.badges.awards import Award
from gamify.badges.badges import EARNED, Badge
from gamify.badges.criteria import Level, Tally
from gamify.badges.deeds import TAKEN_BACK

UNSETTLED = timedelta(hours=72)

KNOWN = Statement("SELECT award.* FROM award WHERE person_id = :person", Award)


async def count(event: Event) -> None:
    """Subscriber: note what was confirmed, or taken back, and what it comes to."""
    if person_id := await deeds.note(event):  # commits first, so that who settles last sees all
        undone_at = event.due_at if event.name in TAKEN_BACK else None
        await settle(person_id, at=event.due_at, undone_at=undone_at)


@transaction
async def settle(person_id: UUID, *, at: datetime, undone_at: datetime | None = None) -> None:
    """Let somebody hold what their deeds come to; of one person this is done one by one."""
    await people.hold(person_id)
    earned = await badges.active(EARNED)
    known = {(award.badge_id, award.level) for (award,) in await KNOWN.rows(person=person_id)}
    for badge, tally in zip(earned, await tallies.of(earned, [person_id]), strict=True):
        reached = badge.criteria.reached(tally.get(person_id, Tally()))
        for level in reached:
            if (badge.id, level) not in known:
                await win(badge, person_id, level, at=at)
        if undone_at:
            await _withdraw(badge, person_id, reached, undone_at)


async def win(badge: Badge, person_id: UUID, level: Level, *, at: datetime) -> bool:
    """Whether it is new."""
    return await awards.add(
        Award(
            id=uuid4(),
            badge_id=badge.id,
            slot=f"{person_id}:{level}",
            person_id=person_id,
            level=level,
            won_at=at,
        )
    )


async def _withdraw(badge: Badge, person_id: UUID, reached: list[Level], at: datetime) -> None:
    held = Award.filter(badge_id=badge.id, person_id=person_id, ended_at__isnull=True)
    for award in await held.filter(won_at__gt=at - UNSETTLED).exclude(level__in=reached):
        await awards.withdraw(award)
