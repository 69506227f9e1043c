"""Vouchers: a pool of codes, sealed; each is revealed to the one who bought it, once."""

import csv
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from core import audit, clock, idempotency
from core.crypto import sealing
from core.crypto.resealing import Sealed
from core.database import inserts
from core.database.sql import Statement
from core.errors import Conflict, Invalid
from core.people import Person
from core.sheets import cells
from core.text import Text
from core.transactions import transaction
from gamify.shop import rewards, stock
from gamify.shop.rewards import Reward, RewardKind

LONGEST = 200  # characters of a code
MOST = 2_000  # codes at once
HEADERS = {"code", "codes", "voucher", "券码", "券碼", "兑换码", "兌換碼", "卡密"}
KEPT = timedelta(days=3)  # after a code was revealed, for a phone that lost the answer


class Voucher(Model):
    id = fields.UUIDField(primary_key=True)
    reward: fields.ForeignKeyRelation[Reward] = fields.ForeignKeyField(
        "models.Reward", on_delete=fields.RESTRICT
    )
    reward_id: UUID
    sealed: bytes | None = fields.BinaryField(null=True, description="the code, encrypted")
    redemption: fields.OneToOneNullableRelation[Any] = fields.OneToOneField(
        "models.Redemption", null=True, on_delete=fields.RESTRICT, description="whose it is"
    )
    redemption_id: UUID | None
    revealed_at: datetime | None = fields.DatetimeField(null=True, db_index=True)

    class Meta:
        table = "voucher"
        indexes = (("reward_id", "redemption_id"),)


SEALED = Sealed(Voucher, "sealed", "shop", lambda voucher: voucher.id.bytes)

ASSIGN = Statement(
    """
    UPDATE voucher SET redemption_id = :redemption, revealed_at = :now WHERE id = (
        SELECT id FROM voucher WHERE reward_id = :reward AND redemption_id IS NULL
        LIMIT 1 FOR UPDATE SKIP LOCKED
    ) RETURNING voucher.*
    """,
    Voucher,
    sqlite="""
    UPDATE voucher SET redemption_id = :redemption, revealed_at = :now WHERE id = (
        SELECT id FROM voucher WHERE reward_id = :reward AND redemption_id IS NULL LIMIT 1
    ) RETURNING voucher.*
    """,
)


class NotAVoucher(Conflict):
    text = Text(
        "This prize has no voucher codes.",
        "该奖品不使用券码。",
        "該獎品不使用券碼。",
    )


class NoVoucherCodes(Invalid):
    text = Text(
        f"A list has 1 to {MOST} codes in its first column, each of at most {LONGEST} characters.",
        f"列表第一列须有 1 到 {MOST} 个券码，每个最多 {LONGEST} 个字符。",
        f"清單第一欄須有 1 到 {MOST} 個券碼，每個最多 {LONGEST} 個字元。",
    )


class CodesTwice(Conflict):
    text = Text(
        "{count} of these codes are in the list twice, or were imported before. None was taken in.",
        "有 {count} 个券码重复或已导入过，本次未导入任何券码。",
        "有 {count} 個券碼重複或已匯入過，本次未匯入任何券碼。",
    )


@transaction
async def take_in(reward_id: UUID, csv_text: str, *, by: Person, key: str) -> Reward:
    """Add the codes of a CSV file, all or none. Raises NotAVoucher, NoVoucherCodes, CodesTwice."""
    reward = await rewards.held(reward_id)
    if reward.kind is not RewardKind.VOUCHER:
        raise NotAVoucher
    codes, id = _codes(csv_text), uuid4()
    asked = ["vouchers", reward_id, codes]
    if await idempotency.claim(key, by=by.id, asked=asked, result=id) != id:
        return reward
    if twice := len(codes) - len(set(codes)) + await _count_known(reward.id, set(codes)):
        raise CodesTwice(count=twice)
    await inserts.add([_sealed(reward.id, code) for code in codes])
    await stock.put(reward, None, len(codes))
    await audit.record("vouchers.taken_in", by=by.id, about=reward.id, count=len(codes))
    return reward


async def reveal(redemption_id: UUID, reward_id: UUID) -> str:
    """The code that is this order's from now on; belongs into the transaction that hands it out."""
    [(voucher,)] = await ASSIGN.rows(redemption=redemption_id, reward=reward_id, now=clock.now())
    return _opened(voucher)


async def revealed(redemption_id: UUID) -> str:
    """The same again, for a phone that lost the answer; empty once it is forgotten."""
    voucher = await Voucher.get(redemption_id=redemption_id)
    return _opened(voucher)


async def forget() -> None:
    """Due work: a code that was revealed is its buyer's to keep."""
    long_ago = Voucher.filter(revealed_at__lt=clock.now() - KEPT, sealed__isnull=False)
    await long_ago.update(sealed=None)


def _codes(csv_text: str) -> list[str]:
    """What stands in the first column, below its header if it has one."""
    try:
        rows = [*csv.reader(csv_text.removeprefix("\ufeff").splitlines())]
    except csv.Error:  # a cell without end
        raise NoVoucherCodes from None
    found = [code for row in rows if row and (code := cells.clean(row[0]))]
    if found and found[0].casefold() in HEADERS:
        found = found[1:]
    if not 0 < len(found) <= MOST or max(map(len, found)) > LONGEST:
        raise NoVoucherCodes
    return found


async def _count_known(reward_id: UUID, codes: set[str]) -> int:
    """How many are in the pool; all are opened, for nothing that could be compared is kept."""
    pool = await Voucher.filter(reward_id=reward_id, sealed__isnull=False)
    return sum(_opened(voucher) in codes for voucher in pool)


def _sealed(reward_id: UUID, code: str) -> Voucher:
    id = uuid4()
    sealed = sealing.closed("shop", code.encode(), bound_to=id.bytes)
    return Voucher(id=id, reward_id=reward_id, sealed=sealed)


def _opened(voucher: Voucher) -> str:
    sealed = bytes(voucher.sealed or b"")
    return sealing.opened("shop", sealed, bound_to=voucher.id.bytes).decode() if sealed else ""
