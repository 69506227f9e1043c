"""Accounts: where points are.

What a person has is stored and guarded. The system's accounts store nothing, for every payment
would queue for that one row.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from tortoise import fields
from tortoise.expressions import F
from tortoise.migrations.constraints import CheckConstraint
from tortoise.models import Model

from core.database import inserts
from core.errors import Conflict
from core.text import Text


class Kind(StrEnum):
    AVAILABLE = "AVAILABLE"  # a person's, to spend
    ISSUED = "ISSUED"  # what a rule has paid, as a negative sum
    PENDING = "PENDING"  # a person's, not to spend yet

    @property
    def stored(self) -> bool:
        """Whether an account keeps its balance, which then is never negative."""
        return self is not Kind.ISSUED


class Account(Model):
    id = fields.UUIDField(primary_key=True)
    owner_id = fields.UUIDField(description="a person, or the rule that pays")
    kind = fields.CharEnumField(Kind, max_length=20, description="a Kind")
    balance: int | None = fields.BigIntField(null=True, description="points; null: not stored")

    class Meta:
        table = "account"
        unique_together = ("owner_id", "kind")
        constraints = (CheckConstraint("balance >= 0", "account_balance_not_negative"),)


class NotEnoughPoints(Conflict):
    text = Text(
        "You have {balance} points; this takes {needed}.",
        "你有 {balance} 积分，这需要 {needed} 积分。",
        "你有 {balance} 積分，這需要 {needed} 積分。",
    )


class Name(NamedTuple):
    """What an account is known by before anything was posted to it."""

    kind: Kind
    owner_id: UUID


def available(person_id: UUID) -> Name:
    return Name(Kind.AVAILABLE, person_id)


def pending(person_id: UUID) -> Name:
    return Name(Kind.PENDING, person_id)


def issued(rule_id: UUID) -> Name:
    return Name(Kind.ISSUED, rule_id)


async def opened(names: Iterable[Name]) -> dict[Name, Account]:
    """The accounts of these names, made where there are none."""
    accounts = await _found(names)
    if missing := sorted(set(names) - accounts.keys()):
        for name in missing:
            balance = 0 if name.kind.stored else None
            await inserts.added(Account(kind=name.kind, owner_id=name.owner_id, balance=balance))
        accounts = await _found(names)
    return accounts


async def add(account: Account, points: int) -> None:
    """Change what is stored, by less than nothing too. Raises NotEnoughPoints."""
    if not account.kind.stored:
        return
    enough = Account.filter(id=account.id, balance__gte=-points)
    if not await enough.update(balance=F("balance") + points):
        await account.refresh_from_db(["balance"])
        raise NotEnoughPoints(balance=account.balance, needed=-points)


async def _found(names: Iterable[Name]) -> dict[Name, Account]:
    accounts = await Account.filter(owner_id__in={name.owner_id for name in names})
    return {Name(account.kind, account.owner_id): account for account in accounts}
