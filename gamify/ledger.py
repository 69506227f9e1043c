"""The ledger: double entry, append-only, in points.

A transfer has a source key that is used once and postings that sum to 0; a mistake is put right
by a reversal, never by a change.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from tortoise import fields
from tortoise.models import Model

from core import bus, clock, pages, transactions
from core.database import inserts
from core.transactions import transaction
from gamify import accounts
from gamify.accounts import Account, Name
from gamify.boards import tallies
from gamify.reasons import Reason

if TYPE_CHECKING:
    from gamify.rules import Rule


class Transfer(Model):
    id = fields.UUIDField(primary_key=True)
    source_key = fields.CharField(max_length=160, unique=True)
    reason = fields.CharEnumField(Reason, max_length=40, description="a Reason")
    person_id = fields.UUIDField(description="in whose history it is")
    points: int = fields.BigIntField(description="that person has more, or less, by it")
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
        indexes = (("person_id", "at", "id"), ("caused_by", "at"))


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


class Unbalanced(ValueError):
    """Points would come from nowhere: a fault of ours."""


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
        accounts.name(posting.account): -posting.amount
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
    theirs = (name for name in postings if name.owner_id == row.person_id and name.kind.counted)
    row.points = sum(postings[name] for name in theirs)
    if not await inserts.added(row):
        return None
    await _post(row, postings)
    transactions.after_commit(partial(_wake, row.person_id))
    await tallies.follow(row)
    return row


def topic(person_id: UUID) -> UUID:
    """On which is told that somebody's points have changed."""
    return uuid5(person_id, "points")


def _wake(person_id: UUID) -> None:
    bus.current().tell(topic(person_id), pages.microseconds(clock.now()))


async def _post(row: Transfer, postings: Postings) -> None:
    found = await accounts.opened(postings)
    for name in sorted(postings):  # always in this order: transfers that meet do not deadlock
        await accounts.add(found[name], postings[name])
    await inserts.add(
        [
            Posting(transfer=row, account=found[name], amount=amount)
            for name, amount in postings.items()
        ]
    )
