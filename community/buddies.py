"""Buddies: a newcomer gets a colleague of the same team who knows the place."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from tortoise import fields
from tortoise.functions import Count
from tortoise.models import Model

from core import clock, events, people
from core.database import inserts
from core.events import Event
from core.people import Grants, Person
from core.transactions import transaction

SETTLED = timedelta(days=90)  # in the company, for one to be a buddy
NEW = timedelta(days=90)  # in the company, while one has a buddy
MOST = 100  # newcomers shown


class Buddy(Model):
    newcomer_id: UUID = fields.UUIDField(primary_key=True)
    buddy_id: UUID = fields.UUIDField(db_index=True)

    class Meta:
        table = "buddy"


async def match(event: Event) -> None:
    """Subscriber: whoever was hired gets a buddy, once, if the team has one to give."""
    await _match(UUID(event.payload["person"]))


async def end(event: Event) -> None:
    """Subscriber: newcomers whose buddy has left get another one."""
    await _end(UUID(event.payload["person"]))


async def of(newcomer_ids: Sequence[UUID]) -> list[Person | None]:
    """The buddy of each newcomer."""
    pairs = dict(
        await Buddy.filter(newcomer_id__in=newcomer_ids).values_list("newcomer_id", "buddy_id")
    )
    found = await Person.filter(people.employed()).in_bulk(pairs.values(), "id")
    return [found.get(pairs[id]) if id in pairs else None for id in newcomer_ids]


async def newcomers(buddy_ids: Sequence[UUID]) -> list[list[Person]]:
    """Whom each person is a buddy to: the new ones, latest first, at most 100."""
    pairs = await Buddy.filter(buddy_id__in=buddy_ids).values_list("newcomer_id", "buddy_id")
    since = clock.business_date() - NEW
    new = Person.filter(people.employed(), id__in=[id for id, _ in pairs], hired_on__gt=since)
    found = await new.order_by("-hired_on", "id")
    buddy_of = dict(pairs)
    return [[person for person in found if buddy_of[person.id] == id][:MOST] for id in buddy_ids]


@transaction
async def _match(newcomer_id: UUID) -> None:
    newcomer = await Person.filter(people.employed(), id=newcomer_id).first()
    buddy = await _choose(newcomer) if newcomer and _is_new(newcomer) else None
    if buddy and await inserts.added(Buddy(newcomer_id=newcomer_id, buddy_id=buddy.id)):
        await events.record("buddy.matched", newcomer=newcomer_id, buddy=buddy.id)


@transaction
async def _end(person_id: UUID) -> None:
    await Buddy.filter(newcomer_id=person_id).delete()
    orphaned = await Buddy.filter(buddy_id=person_id)
    await Buddy.filter(buddy_id=person_id).delete()
    for pair in orphaned:
        await _match(pair.newcomer_id)


def _is_new(person: Person) -> bool:
    return person.hired_on is not None and person.hired_on > clock.business_date() - NEW


async def _choose(newcomer: Person) -> Person | None:
    """The settled colleague of the team with the fewest newcomers; never the one who reviews."""
    settled = await Person.filter(
        people.employed(),
        team_id=newcomer.team_id,
        hired_on__lte=clock.business_date() - SETTLED,
    ).exclude(id=newcomer.manager_id or newcomer.id)
    peers = [person for person in settled if not person.may(Grants.SUPERVISOR | Grants.HR)]
    load = await _load([person.id for person in peers])
    return min(peers, key=lambda person: (load.get(person.id, 0), person.id), default=None)


async def _load(buddy_ids: Sequence[UUID]) -> dict[UUID, int]:
    counted = Buddy.filter(buddy_id__in=buddy_ids).annotate(n=Count("newcomer_id"))
    return dict(await counted.group_by("buddy_id").values_list("buddy_id", "n"))
