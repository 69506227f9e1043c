"""Points: what a person has, and why."""

from collections import Counter, defaultdict
from collections.abc import AsyncGenerator, Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from core import clock, pages
from core.database.sql import Statement
from core.listeners import Listener
from core.pages import Connection, Listing, Page
from core.people import Person
from core.together import together
from gamify import expiry
from gamify.accounts import Account, Kind
from gamify.holds import Hold
from gamify.ledger import Transfer

STORED = Statement(
    """
    SELECT account.* FROM account
    WHERE owner_id = ANY(:people) AND balance IS NOT NULL ORDER BY year
    """,
    Account,
)
HISTORY = Listing("points", column="at")
LINES = pages.Each(Transfer, "person_id = parent.id AND points <> 0", HISTORY)


class Balance(NamedTuple):
    """In points; what is pending cannot be spent yet, what is owed is filled by later earnings."""

    person_id: UUID
    available: int = 0
    pending: int = 0
    reserved: int = 0
    owed: int = 0


@together
async def balances(person_ids: Sequence[UUID]) -> list[Balance]:
    found: Counter[tuple[UUID, Kind]] = Counter()
    for (account,) in await STORED.rows(people=set(person_ids)):
        found[account.owner_id, account.kind] += account.balance
    return [
        Balance(
            id,
            available=found[id, Kind.AVAILABLE],
            pending=found[id, Kind.PENDING],
            reserved=found[id, Kind.RESERVED],
            owed=-found[id, Kind.DEBT],
        )
        for id in person_ids
    ]


async def history(person_ids: Sequence[UUID], *, page: Page) -> list[Connection[Transfer]]:
    """What changed what each of them has, newest first; a release from pending does not."""
    return await LINES.read(person_ids, page)


async def available_at(transfer_ids: Sequence[UUID]) -> list[datetime | None]:
    """When what a line gave can be spent, as long as it is pending."""
    holds = Hold.filter(transfer_id__in=set(transfer_ids))
    found = dict(await holds.values_list("transfer_id", "available_at"))
    return [found.get(id) for id in transfer_ids]


class EarnYear(NamedTuple):
    """What is left of a year's points, and the last day on which they can be spent."""

    year: int
    points: int
    expires_on: date


async def years(person_ids: Sequence[UUID]) -> list[list[EarnYear]]:
    """What each can spend by the year it was earned in, the oldest first."""
    stored = await STORED.rows(people=set(person_ids))
    rows = [one for (one,) in stored if one.kind is Kind.AVAILABLE and one.balance > 0]
    days = await expiry.last_days({(row.owner_id, row.year) for row in rows})
    found: defaultdict[UUID, list[EarnYear]] = defaultdict(list)
    for row in rows:
        day = days[row.owner_id, row.year]
        found[row.owner_id].append(EarnYear(row.year, row.balance, day))
    return [found[id] for id in person_ids]


async def follow(person: Person, *, listener: Listener) -> AsyncGenerator[Balance]:
    """What somebody has now, and each time that it has changed, until the listener is ended."""
    while True:
        reached = pages.microseconds(clock.now())
        [balance] = await balances([person.id])
        listener.check()
        yield balance
        await listener.beyond(reached)
