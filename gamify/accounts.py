"""Accounts: where points are.

What a person has is stored and guarded, what they can spend by the year they earned it in. The
system's accounts store nothing, for every payment would queue for that one row.
"""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint
from tortoise.models import Model

from core.database import inserts
from core.database.sql import Statement
from core.errors import Conflict
from core.text import Text
from gamify import earn_years

SYSTEM = UUID(int=0)  # the owner of what belongs to nobody any more
ALWAYS = 0  # as the year of what is not kept by year


class Kind(StrEnum):
    AVAILABLE = "AVAILABLE"  # a person's, to spend; one account for each year they earned in
    DEBT = "DEBT"  # what a person owes, as a negative balance; later earnings fill it
    ISSUED = "ISSUED"  # what a rule has paid, as a negative sum
    LAPSED = "LAPSED"  # the system's: what expired, or was left behind
    PENDING = "PENDING"  # a person's, not to spend yet
    RESERVED = "RESERVED"  # a person's no longer, for something ordered
    SPENT = "SPENT"  # the system's: what was handed out

    @property
    def stored(self) -> bool:
        """Whether an account keeps its balance, which then is never on the wrong side of 0."""
        return self in {Kind.AVAILABLE, Kind.DEBT, Kind.PENDING, Kind.RESERVED}

    @property
    def counted(self) -> bool:
        """Whether it is a part of what its owner has."""
        return self is not Kind.RESERVED


class Account(Model):
    id = fields.UUIDField(primary_key=True)
    owner_id: UUID = fields.UUIDField(description="a person, the rule that pays, or SYSTEM")
    kind = fields.CharEnumField(Kind, max_length=20, description="a Kind")
    year: int = fields.SmallIntField(default=ALWAYS, db_default=ALWAYS)
    balance: int | None = fields.BigIntField(null=True, description="points; null: not stored")
    look_on: date | None = fields.DateField(
        null=True, db_index=True, description="when it is time to see whether they expire"
    )

    class Meta:
        table = "account"
        unique_together = ("owner_id", "kind", "year")
        constraints = (
            CheckConstraint(
                "CASE WHEN kind = 'DEBT' THEN balance <= 0 ELSE balance >= 0 END",
                "account_balance_on_its_side",
            ),
        )


OF = Statement("SELECT account.* FROM account WHERE owner_id = ANY(:owners)", Account)
MINE = "SELECT account.* FROM account WHERE owner_id = :owner ORDER BY kind, year"
HELD = Statement(MINE, Account)
HOLD = Statement(f"{MINE} FOR UPDATE", Account, sqlite=MINE)
#: Unless it would then be on the wrong side of 0.
ADD = Statement(
    """
    UPDATE account SET balance = balance + :points, look_on = COALESCE(:look_on, look_on)
    WHERE id = :account
    AND CASE WHEN kind = 'DEBT' THEN balance + :points <= 0 ELSE balance + :points >= 0 END
    RETURNING id
    """
)


class NotEnoughPoints(Conflict):
    text = Text(
        "You have {balance} points; this takes {needed}.",
        "你有 {balance} 积分，这需要 {needed} 积分。",
        "你有 {balance} 點，這需要 {needed} 點。",
    )


class Name(NamedTuple):
    """What an account is known by before anything was posted to it."""

    kind: Kind
    owner_id: UUID
    year: int = ALWAYS


def available(person_id: UUID, year: int) -> Name:
    return Name(Kind.AVAILABLE, person_id, year)


def debt(person_id: UUID) -> Name:
    return Name(Kind.DEBT, person_id)


def pending(person_id: UUID) -> Name:
    return Name(Kind.PENDING, person_id)


def reserved(person_id: UUID) -> Name:
    return Name(Kind.RESERVED, person_id)


def issued(rule_id: UUID) -> Name:
    return Name(Kind.ISSUED, rule_id)


LAPSED = Name(Kind.LAPSED, SYSTEM)
SPENT = Name(Kind.SPENT, SYSTEM)


async def opened(names: Iterable[Name]) -> dict[Name, Account]:
    """The accounts of these names, made where there are none."""
    accounts = await _found(names)
    if missing := sorted(set(names) - accounts.keys()):
        for name in missing:
            balance = 0 if name.kind.stored else None
            await inserts.added(Account(**name._asdict(), balance=balance))
        accounts = await _found(names)
    return accounts


async def held(person_id: UUID) -> dict[Name, int]:
    """What a person has in every account, oldest year first; all stay locked for this transaction.

    Whoever must know a balance before points move begins with this: in one order, so that those
    who meet wait and never deadlock.
    """
    await HOLD.rows(owner=person_id)
    mine = await HELD.rows(owner=person_id)  # those too that came to be while we waited
    return {name(account): account.balance or 0 for (account,) in mine}


async def add(account: Account, points: int) -> None:
    """Change what is stored, by less than nothing too. Raises NotEnoughPoints."""
    if not account.kind.stored:
        return
    earned = account.kind is Kind.AVAILABLE and points > 0
    look_on = earn_years.announced_on(account.year) if earned else None
    if not await ADD.rows(account=account.id, points=points, look_on=look_on):
        await account.refresh_from_db(["balance"])
        raise NotEnoughPoints(balance=account.balance, needed=-points)


async def _found(names: Iterable[Name]) -> dict[Name, Account]:
    accounts = await OF.rows(owners={name.owner_id for name in names})
    return {name(account): account for (account,) in accounts}


def name(account: Account) -> Name:
    return Name(account.kind, account.owner_id, account.year)
