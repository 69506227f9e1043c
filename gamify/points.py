"""Points: what a person has, and why."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from core import pages
from core.database import sql
from core.pages import Connection, Listing, Page
from core.text import Language
from gamify import reasons
from gamify.accounts import Account, Kind
from gamify.holds import Hold
from gamify.ledger import Transfer
from gamify.reasons import Reason
from gamify.rules import Rule

HISTORY = Listing("points", column="at")
LINES = pages.Each(Transfer, "person_id = parent.id AND points <> 0", HISTORY)


class Balance(NamedTuple):
    """In points; what is pending cannot be spent yet, what is owed is filled by later earnings."""

    person_id: UUID
    available: int = 0
    pending: int = 0
    reserved: int = 0
    owed: int = 0


async def balances(person_ids: Sequence[UUID]) -> list[Balance]:
    stored = Account.filter(owner_id__in=set(person_ids), balance__isnull=False)
    found: Counter[tuple[UUID, Kind]] = Counter()
    for owner, kind, balance in await stored.values_list("owner_id", "kind", "balance"):
        found[owner, kind] += balance
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


async def words(lines: Sequence[Transfer], *, language: Language) -> list[str]:
    """Why each line is there, in words: of what a rule paid, what that pays for."""
    earned = [line.rule_id for line in lines if line.reason is Reason.EARNED]
    known = await sql.in_bulk(Rule, filter(None, earned))
    return [
        (known[line.rule_id].title if line.rule_id in known else reasons.WORDS[line.reason]).to(
            language
        )
        for line in lines
    ]
