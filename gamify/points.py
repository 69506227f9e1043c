"""Points: what a person has, and why."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from core import pages
from core.pages import Connection, Listing, Page
from core.text import Language, Text
from gamify.holds import Hold
from gamify.ledger import Account, Kind, Reason, Transfer

HISTORY = Listing("points", column="at")

REASONS = {
    Reason.RELEASED: Text(
        "Your points can be spent now.",
        "你的积分现在可以使用了。",
        "你的積分現在可以使用了。",
    ),
    Reason.TAKEN_BACK: Text(
        "The thanks for your answer was taken back.",
        "对你回答的采纳被撤回了。",
        "對你回答的採納被撤回了。",
    ),
    Reason.THANKED: Text(
        "Your answer was accepted.",
        "你的回答被采纳了。",
        "你的回答被採納了。",
    ),
}


class Balance(NamedTuple):
    """In points; what is pending cannot be spent yet."""

    person_id: UUID
    available: int
    pending: int


async def balances(person_ids: Sequence[UUID]) -> list[Balance]:
    accounts = Account.filter(owner_id__in=set(person_ids), balance__isnull=False)
    rows = await accounts.values_list("owner_id", "kind", "balance")
    found = {(owner, kind): balance for owner, kind, balance in rows}
    return [
        Balance(id, found.get((id, Kind.AVAILABLE), 0), found.get((id, Kind.PENDING), 0))
        for id in person_ids
    ]


async def history(person_ids: Sequence[UUID], *, page: Page) -> list[Connection[Transfer]]:
    """What changed what each of them has, newest first; a release from pending does not."""
    lines = [Transfer.filter(person_id=id, points__not=0) for id in person_ids]
    return await pages.read_each(lines, HISTORY, page)


async def available_at(transfer_ids: Sequence[UUID]) -> list[datetime | None]:
    """When what a line gave can be spent, as long as it is pending."""
    holds = Hold.filter(transfer_id__in=set(transfer_ids))
    found = dict(await holds.values_list("transfer_id", "available_at"))
    return [found.get(id) for id in transfer_ids]


async def reasons(lines: Sequence[Transfer], *, language: Language) -> list[str]:
    """Why each line is there, in words."""
    return [REASONS[line.reason].to(language) for line in lines]
