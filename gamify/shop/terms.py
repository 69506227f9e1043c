"""Terms: what a point is worth, from which price a prize needs approval, how soon HR sees to it.

They are versioned: what was valued or approved once can be told later.
"""

from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint
from tortoise.models import Model

from core import audit, clock
from core.database import inserts
from core.database.sql import Statement
from core.errors import Conflict, Invalid
from core.people import Person
from core.text import Text
from core.transactions import transaction

MOST = 1_000_000


@dataclass(frozen=True, slots=True)
class Plan:
    cents_of_100_points: int
    approval_from: int
    """points; what costs less needs no approval"""
    service_days: int
    """working days in which HR has a prize ready"""


SHIPPED = Plan(cents_of_100_points=1000, approval_from=300, service_days=3)


class Terms(Model):
    id = fields.UUIDField(primary_key=True)
    version: int = fields.IntField(unique=True)
    cents_of_100_points = fields.IntField()
    approval_from = fields.IntField(description="points")
    service_days = fields.SmallIntField(description="working days")
    put_by_id: UUID | None = fields.UUIDField(null=True, description="null: shipped")
    put_at: datetime = fields.DatetimeField()

    class Meta:
        table = "terms"
        constraints = (CheckConstraint("cents_of_100_points >= 0", "terms_value_not_negative"),)

    def value(self, points: int) -> int:
        """Of so many points, in cents."""
        return round(points * self.cents_of_100_points / 100)


LAST = Statement("SELECT terms.* FROM terms ORDER BY version DESC LIMIT 1", Terms)


class TermsChanged(Conflict):
    text = Text(
        "Somebody has just changed the terms. Look at them again.",
        "有人刚刚修改了商城规则，请重新查看。",
        "有人剛剛修改了商城規則，請重新查看。",
    )


class NotTerms(Invalid):
    text = Text(
        f"Numbers from 0 to {MOST}, and 1 to 60 working days.",
        f"数值须在 0 到 {MOST} 之间，工作日为 1 到 60 天。",
        f"數值須在 0 到 {MOST} 之間，工作日為 1 到 60 天。",
    )


@transaction
async def put(plan: Plan, *, after: int, by: Person) -> Terms:
    """The terms from now on, in place of version `after`. Raises TermsChanged."""
    points = (plan.cents_of_100_points, plan.approval_from)
    if not all(0 <= n <= MOST for n in points) or not 0 < plan.service_days <= 60:  # noqa: PLR2004  # as told
        raise NotTerms
    terms = _of(plan, version=after + 1, by=by.id)
    if (await current()).version != after or not await inserts.added(terms):
        raise TermsChanged
    await audit.record("terms.put", by=by.id, version=terms.version, **asdict(plan))
    return terms


async def ship() -> None:
    """Put the terms that come with the product in force, where there are none."""
    await inserts.added(_of(SHIPPED, version=1, by=None))


async def current() -> Terms:
    terms: Terms
    for (terms,) in await LAST.rows():
        return terms
    return _of(SHIPPED, version=0, by=None)


async def at(moment: datetime) -> Terms:
    """Those in force then; the first ones for what was before."""
    then = await Terms.filter(put_at__lte=moment).order_by("-version").first()
    return then or await Terms.get(version=1)


def _of(plan: Plan, *, version: int, by: UUID | None) -> Terms:
    return Terms(version=version, put_by_id=by, put_at=clock.now(), **asdict(plan))
