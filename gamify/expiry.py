"""Expiry: points of a past year end on one date, announced 30 and 7 days before.

Nothing ends unannounced: points that come late, or were announced late, have their 30 days too.
"""

from collections.abc import Collection
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from core import clock
from core.database import inserts
from core.database.sql import Statement
from core.messaging import notices
from core.messaging.notice_kinds import MANNERS, Manner, NoticeKind
from core.messaging.notices import News
from core.text import Text
from core.transactions import transaction
from gamify import accounts, earn_years, ledger
from gamify.accounts import Account, Kind
from gamify.earn_years import NOTICES
from gamify.ledger import Cause
from gamify.reasons import Reason

BATCH = 200

MANNERS[NoticeKind.EXPIRY] = Manner(
    Text(
        "Some of your points expire soon. Your points tell when.",
        "您有一部分积分即将过期，可在“我的积分”中查看日期。",
        "您有一部分點數即將到期，可在「我的點數」中查看日期。",
    )
)


class Step(StrEnum):
    PLANNED = "PLANNED"
    ANNOUNCED = "ANNOUNCED"
    REMINDED = "REMINDED"


class Expiry(Model):
    """Stands until somebody's points of a year have expired."""

    id = fields.UUIDField(primary_key=True)
    person_id: UUID = fields.UUIDField()
    year: int = fields.SmallIntField()
    step = fields.CharEnumField(Step, max_length=10)
    not_before: date = fields.DateField(description="what was announced")
    look_on: date = fields.DateField(db_index=True, description="the next step may be due")

    class Meta:
        table = "points_expiry"
        unique_together = ("person_id", "year")


OF = Statement("SELECT points_expiry.* FROM points_expiry WHERE person_id = ANY(:people)", Expiry)


async def plan_due() -> int:
    """Due work: begin where points of a past year are left; how many that were."""
    due = Account.filter(kind=Kind.AVAILABLE, look_on__lte=clock.business_date())
    return sum([await _plan(account) for account in await due.order_by("look_on").limit(BATCH)])


async def advance_due() -> int:
    """Due work: announce, remind and let expire; how many steps were looked at."""
    due = Expiry.filter(look_on__lte=clock.business_date())
    rows = await due.order_by("look_on", "id").limit(BATCH)
    return sum([await _advance(row) for row in rows])


async def last_days(wanted: Collection[tuple[UUID, int]]) -> dict[tuple[UUID, int], date]:
    """Until when each of these people can spend points of that year."""
    found: dict[tuple[UUID, int], date] = {}
    for year in {year for _, year in wanted}:
        ids = [id for id, of in wanted if of == year]
        days = await earn_years.last_days(ids, year)
        found |= {(id, year): day for id, day in zip(ids, days, strict=True)}
    if not found:
        return {}
    for (row,) in await OF.rows(people={id for id, _ in wanted}):
        if (key := (row.person_id, row.year)) in found:
            found[key] = max(found[key], row.not_before)
    return found


async def last_day(row: Expiry) -> date:
    [day] = await earn_years.last_days([row.person_id], row.year)
    return max(day, row.not_before)


@transaction
async def _plan(account: Account) -> bool:
    if not await Account.filter(id=account.id, look_on=account.look_on).update(look_on=None):
        return False
    today = clock.business_date()
    given = {"person_id": account.owner_id, "year": account.year, "step": Step.PLANNED}
    return await inserts.added(Expiry(**given, not_before=today, look_on=today))


@transaction
async def _advance(row: Expiry) -> bool:
    """One step, if it is time for it; another look later if it is not."""
    today, before, step = clock.business_date(), row.look_on, row.step
    if step is Step.REMINDED:
        row.look_on = await last_day(row) + timedelta(days=1)
    else:
        row.look_on = await last_day(row) - NOTICES[step is Step.ANNOUNCED]
    is_due = row.look_on <= today
    if is_due and step is not Step.REMINDED:
        _move(row, today)
    same = Expiry.filter(id=row.id, step=step, look_on=before)
    values = {"step": row.step, "not_before": row.not_before, "look_on": row.look_on}
    if not await same.update(**values):
        return False
    if is_due:
        await (_expire(row) if step is Step.REMINDED else _tell(row))
    return True


def _move(row: Expiry, today: date) -> None:
    """On to the next step, which is never nearer than was promised."""
    announced = row.step is Step.PLANNED
    row.step = Step.ANNOUNCED if announced else Step.REMINDED
    row.not_before = max(row.not_before, today + NOTICES[0 if announced else 1])
    row.look_on = today + timedelta(days=1)


async def _tell(row: Expiry) -> None:
    if await Account.exists(
        owner_id=row.person_id, kind=Kind.AVAILABLE, year=row.year, balance__gt=0
    ):
        news = News(NoticeKind.EXPIRY, "", f"{row.id}:{row.step}")
        await notices.tell(row.person_id, news)


async def _expire(row: Expiry) -> None:
    purse = await accounts.held(row.person_id)
    name = accounts.available(row.person_id, row.year)
    await Expiry.filter(id=row.id).delete()
    if points := purse.get(name, 0):
        postings = {name: -points, accounts.LAPSED: points}
        cause = Cause(reason=Reason.EXPIRED)
        await ledger.transfer(f"expiry:{row.id}", postings, cause, person_id=row.person_id)
