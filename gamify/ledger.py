"""The ledger: double entry, append-only, in points.

A transfer has a source key that is used once and postings that sum to 0; a mistake is put right
by a reversal, never by a change. What a person has is stored and guarded; the system's accounts
store nothing, for every payment would queue for that one row.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from tortoise import fields
from tortoise.expressions import F
from tortoise.migrations.constraints import CheckConstraint
from tortoise.models import Model

from core import clock, inserts
from core.errors import Conflict
from core.text import Text
from core.transactions import transaction

if TYPE_CHECKING:
    from gamify.rules import Rule


class Kind(StrEnum):
    AVAILABLE = "AVAILABLE"  # a person's, to spend
    ISSUED = "ISSUED"  # what a rule has paid, as a negative sum
    PENDING = "PENDING"  # a person's, not to spend yet

    @property
    def stored(self) -> bool:
        """Whether an account keeps its balance, which then is never negative."""
        return self is not Kind.ISSUED


class Reason(StrEnum):
    """Why points move; `points.REASONS` has the words."""

    RELEASED = "RELEASED"
    TAKEN_BACK = "TAKEN_BACK"
    THANKED = "THANKED"


class Account(Model):
    id = fields.UUIDField(primary_key=True)
    owner_id = fields.UUIDField(description="a person, or the rule that pays")
    kind = fields.CharEnumField(Kind, max_length=20, description="a Kind")
    balance: int | None = fields.BigIntField(null=True, description="points; null: not stored")

    class Meta:
        table = "account"
        unique_together = ("owner_id", "kind")
        constraints = (CheckConstraint("balance >= 0", "account_balance_not_negative"),)


class Transfer(Model):
    id = fields.UUIDField(primary_key=True)
    source_key = fields.CharField(max_length=160, unique=True)
    reason = fields.CharEnumField(Reason, max_length=40, description="a Reason")
    person_id = fields.UUIDField(description="in whose history it is")
    points: int = fields.BigIntField(description="what that person gains or loses by it")
    at = fields.DatetimeField(description="when what it is for happened")
    business_date = fields.DateField()
    rule: "fields.ForeignKeyNullableRelation[Rule]" = fields.ForeignKeyField(
        "models.Rule", null=True, on_delete=fields.RESTRICT, description="the version that paid"
    )
    rule_id: UUID | None
    event_id = fields.UUIDField(null=True)
    caused_by = fields.UUIDField(null=True, description="who, where that was public")
    reverses: "fields.OneToOneNullableRelation[Transfer]" = fields.OneToOneField(
        "models.Transfer", null=True, on_delete=fields.RESTRICT, related_name="reversal"
    )
    reverses_id: UUID | None

    class Meta:
        table = "transfer"
        indexes = (("person_id", "at", "id"),)


class Posting(Model):
    id = fields.UUIDField(primary_key=True)
    transfer: fields.ForeignKeyRelation[Transfer] = fields.ForeignKeyField(
        "models.Transfer", on_delete=fields.RESTRICT
    )
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "models.Account", on_delete=fields.RESTRICT
    )
    amount: int = fields.BigIntField(description="points")

    class Meta:
        table = "posting"
        unique_together = ("transfer", "account")


class NotEnoughPoints(Conflict):
    text = Text(
        "You have {balance} points; this takes {needed}.",
        "你有 {balance} 积分，这需要 {needed} 积分。",
        "你有 {balance} 積分，這需要 {needed} 積分。",
    )


class Unbalanced(ValueError):
    """Points would come from nowhere: a fault of ours."""


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


@dataclass(frozen=True, kw_only=True)
class Cause:
    """Why points move: what their line in a person's history tells."""

    reason: Reason
    at: datetime = field(default_factory=clock.now)
    event_id: UUID | None = None
    caused_by: UUID | None = None


Postings = Mapping[Name, int]


async def transfer(
    source_key: str,
    postings: Postings,
    cause: Cause,
    *,
    person_id: UUID,
    rule_id: UUID | None = None,
) -> Transfer | None:
    """Move points; None if the source key was used before, and nothing moves.

    Raises NotEnoughPoints.
    """
    row = Transfer(source_key=source_key, person_id=person_id, rule_id=rule_id, **vars(cause))
    return await _book(row, postings)


async def void(source_key: str, cause: Cause, *, person_id: UUID) -> bool:
    """Use up a source key, so that nothing moves under it later; False if it was used before."""
    return await transfer(source_key, {}, cause, person_id=person_id) is not None


async def reverse(transfer_id: UUID, cause: Cause) -> Transfer | None:
    """Move a transfer's points back; None if that was done before. Raises NotEnoughPoints."""
    original = await Transfer.get(id=transfer_id)
    mirrored = {
        Name(posting.account.kind, posting.account.owner_id): -posting.amount
        for posting in await Posting.filter(transfer_id=transfer_id).select_related("account")
    }
    reversal = Transfer(
        source_key=f"reversal:{original.id}",
        reverses_id=original.id,
        person_id=original.person_id,
        rule_id=original.rule_id,
        **vars(cause),
    )
    return await _book(reversal, mirrored)


@transaction
async def _book(row: Transfer, postings: Postings) -> Transfer | None:
    if sum(postings.values()) or not all(postings.values()):
        raise Unbalanced(row.source_key)
    row.business_date = clock.business_date(row.at)
    row.points = sum(amount for name, amount in postings.items() if name.owner_id == row.person_id)
    if not await inserts.added(row):
        return None
    await _post(row, postings)
    return row


async def _post(row: Transfer, postings: Postings) -> None:
    accounts = await _opened(postings)
    for name in sorted(postings):  # always in this order: transfers that meet do not deadlock
        await _move(accounts[name], postings[name])
    await Posting.bulk_create(
        Posting(transfer=row, account=accounts[name], amount=amount)
        for name, amount in postings.items()
    )


async def _move(account: Account, amount: int) -> None:
    if not account.kind.stored:
        return
    enough = Account.filter(id=account.id, balance__gte=-amount)
    if not await enough.update(balance=F("balance") + amount):
        await account.refresh_from_db(["balance"])
        raise NotEnoughPoints(balance=account.balance, needed=-amount)


async def _opened(names: Iterable[Name]) -> dict[Name, Account]:
    accounts = await _found(names)
    if missing := sorted(set(names) - accounts.keys()):
        for name in missing:
            balance = 0 if name.kind.stored else None
            await inserts.added(Account(kind=name.kind, owner_id=name.owner_id, balance=balance))
        accounts = await _found(names)
    return accounts


async def _found(names: Iterable[Name]) -> dict[Name, Account]:
    accounts = await Account.filter(owner_id__in={name.owner_id for name in names})
    return {Name(account.kind, account.owner_id): account for account in accounts}
