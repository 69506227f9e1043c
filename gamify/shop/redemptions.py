"""Redemptions: a reward that somebody ordered for points, from request to hand-over."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from tortoise import fields
from tortoise.expressions import Q
from tortoise.models import Model

from core import clock, pages
from core.crypto import sealing
from core.crypto.resealing import Sealed
from core.database import sql
from core.errors import NotFound
from core.pages import Connection, Listing, Page
from core.people import Grants, Person
from core.text import Text
from gamify.shop.allotments import Allotment
from gamify.shop.rewards import Reward
from gamify.shop.sites import Site
from gamify.shop.stock import Stock

ADDRESS_KEPT = timedelta(days=90)  # after the last move of what needs it no more
OWN = Listing("redemptions", "requested_at")


class RedemptionState(StrEnum):
    REQUESTED = "REQUESTED"
    APPROVED = "APPROVED"
    READY = "READY"
    FULFILLED = "FULFILLED"
    REJECTED = "REJECTED"
    CANCELLED = "CANCELLED"
    RETURNED = "RETURNED"


REQUESTED, APPROVED, READY, FULFILLED, REJECTED, CANCELLED, RETURNED = RedemptionState
UNDONE = (REJECTED, CANCELLED, RETURNED)
"""the points went back"""


class Redemption(Model):
    id = fields.UUIDField(primary_key=True)
    reward: fields.ForeignKeyRelation[Reward] = fields.ForeignKeyField(
        "models.Reward", on_delete=fields.RESTRICT
    )
    reward_id: UUID
    buyer_id: UUID = fields.UUIDField()
    ordered_by_id: UUID | None = fields.UUIDField(null=True, description="HR, for who has left")
    proxy_id: UUID | None = fields.UUIDField(null=True, db_index=True, description="may collect it")
    collected_by_id: UUID | None = fields.UUIDField(null=True)
    state = fields.CharEnumField(RedemptionState, max_length=20)
    steps = fields.SmallIntField(description="made so far")
    price: int = fields.IntField(description="points, as they were when it was ordered")
    value_cents: int = fields.IntField(description="the same")
    site: fields.ForeignKeyNullableRelation[Site] = fields.ForeignKeyField(
        "models.Site", null=True, on_delete=fields.RESTRICT, description="where it is collected"
    )
    site_id: UUID | None
    stock: fields.ForeignKeyNullableRelation[Stock] = fields.ForeignKeyField(
        "models.Stock", null=True, on_delete=fields.RESTRICT, description="it was taken from"
    )
    stock_id: UUID | None
    allotment: fields.ForeignKeyNullableRelation[Allotment] = fields.ForeignKeyField(
        "models.Allotment", null=True, on_delete=fields.RESTRICT, description="that pays for it"
    )
    allotment_id: UUID | None
    slot: str | None = fields.CharField(  # type: ignore[assignment]  # typed as never null
        max_length=100, null=True, unique=True, description="one of so many for a person and period"
    )
    sealed_address: bytes | None = fields.BinaryField(null=True)
    requested_at: datetime = fields.DatetimeField()
    requested_on: date = fields.DateField(description="business date")
    moved_at: datetime = fields.DatetimeField(description="at the last step")

    class Meta:
        table = "redemption"
        indexes = (
            ("buyer_id", "requested_at", "id"),
            ("state", "requested_at", "id"),
            ("requested_at", "id"),
            ("state", "moved_at"),
            ("reward_id",),
            ("site_id",),
            ("stock_id",),
            ("allotment_id",),
        )

    @property
    def address(self) -> str | None:
        """Where it is sent to."""
        if self.sealed_address is None:
            return None
        sealed = bytes(self.sealed_address)
        return sealing.opened("shop", sealed, bound_to=self.id.bytes).decode()


SEALED = Sealed(Redemption, "sealed_address", "shop", lambda redemption: redemption.id.bytes)
OF = pages.Each(Redemption, "buyer_id = parent.id", OWN)
ENTRUSTED = pages.Each(Redemption, "proxy_id = parent.id AND state = 'READY'", OWN)


class RedemptionNotFound(NotFound):
    text = Text("This order is not here.", "找不到这笔订单。", "找不到這筆訂單。")


async def visible(redemption_id: UUID, *, to: Person) -> Redemption:
    """The one way to reach an order on a person's behalf: one's own, as a proxy, or as HR."""
    theirs = Q() if to.may(Grants.HR) else Q(Q(buyer_id=to.id), Q(proxy_id=to.id), join_type="OR")
    redemption = await Redemption.filter(theirs, id=redemption_id).first()
    if redemption is None:
        raise RedemptionNotFound
    return redemption


async def own(redemption_id: UUID, *, by: Person) -> Redemption:
    redemption = await Redemption.get_or_none(id=redemption_id, buyer_id=by.id)
    if redemption is None:
        raise RedemptionNotFound
    return redemption


async def of(person_ids: Sequence[UUID], *, page: Page) -> list[Connection[Redemption]]:
    """What each ordered, the latest first."""
    return await OF.read(person_ids, page)


async def entrusted(person_ids: Sequence[UUID], *, page: Page) -> list[Connection[Redemption]]:
    """What colleagues asked each to collect for them."""
    return await ENTRUSTED.read(person_ids, page)


async def by_id(redemption_ids: Sequence[UUID]) -> list[Redemption | None]:
    found = await sql.in_bulk(Redemption, redemption_ids)
    return [found.get(id) for id in redemption_ids]


async def forget() -> None:
    """Due work: nobody needs the address any more."""
    done = (FULFILLED, *UNDONE)
    long_ago = Q(moved_at__lt=clock.now() - ADDRESS_KEPT, state__in=done)
    await Redemption.filter(long_ago, sealed_address__isnull=False).update(sealed_address=None)
