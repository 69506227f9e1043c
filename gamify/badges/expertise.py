"""Expertise: the badge of an expert comes and goes with their standing in a tag."""

from uuid import UUID, uuid4

from tortoise.expressions import Q

from core import people
from core.database import inserts
from core.events import Event
from core.transactions import transaction
from gamify.badges import awards, badges
from gamify.badges.awards import Award
from gamify.badges.badges import Badge, BadgeKind

BEGUN = {"expert.expert", "expert.stands"}  # the latter: since before there was the badge


async def follow(event: Event) -> None:
    """Subscriber: whoever becomes an expert wins the badge; who is one no more holds it no more."""
    for badge in await badges.active(BadgeKind.EXPERT):
        await _follow(badge, event)


async def merge(event: Event) -> None:
    """Subscriber: the badge goes by the name that its tag has now."""
    await _merge(UUID(event.payload["tag"]), UUID(event.payload["into"]))


@transaction
async def _merge(tag_id: UUID, into: UUID) -> None:
    held = Award.filter(tag_id=tag_id)
    await people.touch([award.person_id for award in await held])
    await held.update(tag_id=into)


@transaction
async def _follow(badge: Badge, event: Event) -> None:
    """What is told may arrive in any order: the latest that happened counts."""
    award = _award(badge, event)
    await people.touch([award.person_id])
    if not await inserts.added(award):
        known = Award.filter(badge_id=badge.id, slot=award.slot, reason__isnull=True)
        before = Q(ended_at__isnull=True, won_at__lt=event.due_at) | Q(ended_at__lt=event.due_at)
        moved = {"ended_at": award.ended_at}
        if event.name in BEGUN:
            moved["won_at"] = award.won_at
        if not await known.filter(before).update(**moved):
            return
        award = await known.get()
    await awards.tell("badge.won" if event.name in BEGUN else "badge.lapsed", award)


def _award(badge: Badge, event: Event) -> Award:
    told = event.payload
    return Award(
        id=uuid4(),
        badge_id=badge.id,
        slot=f"{told['person']}:{told['expert']}",
        person_id=UUID(told["person"]),
        tag_id=UUID(told["tag"]),
        won_at=event.due_at,
        ended_at=None if event.name in BEGUN else event.due_at,
    )
