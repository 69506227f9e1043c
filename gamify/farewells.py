"""Farewells: what leavers leave behind. HR may redeem for them for 60 days; then it lapses."""

from datetime import date, timedelta
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from core import clock
from core.database import inserts
from core.events import Event
from core.people import Person
from core.transactions import transaction
from gamify import accounts, ledger
from gamify.accounts import Kind
from gamify.ledger import Cause
from gamify.reasons import Reason

OPEN = timedelta(days=60)
BATCH = 200


class Farewell(Model):
    """Stands until the accounts of somebody who left are closed."""

    person_id: UUID = fields.UUIDField(primary_key=True)
    look_on: date = fields.DateField(db_index=True)

    class Meta:
        table = "farewell"


def open_until(person: Person) -> date | None:
    """The first day on which nothing can be redeemed for a leaver any more."""
    return person.left_on + OPEN if person.left_on else None


async def begin(event: Event) -> None:
    """Subscriber: somebody leaves, or will."""
    row = Farewell(person_id=UUID(event.payload["person"]), look_on=clock.business_date())
    await inserts.added(row)


async def close_due() -> int:
    """Due work: let lapse what is left 60 days after its owner; how many were looked at."""
    due = Farewell.filter(look_on__lte=clock.business_date()).order_by("look_on")
    return sum([await _look(row) for row in await due.limit(BATCH)])


@transaction
async def _look(row: Farewell) -> bool:
    """Dates may have changed since, and what is pending or ordered has yet to come to rest."""
    purse = await accounts.held(row.person_id)
    person, today = await Person.get(id=row.person_id), clock.business_date()
    closes_on = open_until(person)
    if closes_on is None:
        return bool(await Farewell.filter(person_id=row.person_id).delete())
    if closes_on <= today and not await _close(row.person_id, purse):
        return bool(await Farewell.filter(person_id=row.person_id).delete())
    later = max(closes_on, today + timedelta(days=1))
    same = Farewell.filter(person_id=row.person_id, look_on=row.look_on)
    return bool(await same.update(look_on=later))


async def _close(person_id: UUID, purse: dict[accounts.Name, int]) -> bool:
    """Whether there is something left that is not at rest."""
    left = {name: -has for name, has in purse.items() if name.kind is Kind.AVAILABLE and has}
    if left:
        key = f"farewell:{person_id}:{clock.business_date()}"
        postings = {**left, accounts.LAPSED: -sum(left.values())}
        cause = Cause(reason=Reason.LEFT_BEHIND)
        await ledger.transfer(key, postings, cause, person_id=person_id)
    return any(has for name, has in purse.items() if name.kind in {Kind.PENDING, Kind.RESERVED})
