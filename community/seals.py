"""Seals: whose a handle is, readable only with a key that is not in the database.

Whoever opens one acts for the author or by break-glass; nothing that is shown ever needs it.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from core import clock
from core.crypto import sealing
from core.crypto.resealing import Sealed
from core.database import inserts
from core.errors import Conflict
from core.text import Text

SEALED_FOR = timedelta(days=180)


class Seal(Model):
    handle = fields.CharField(primary_key=True, max_length=64)
    thread_id: UUID = fields.UUIDField()
    sealed: bytes = fields.BinaryField(description="the person's id")
    destroyed_on: date = fields.DateField(db_index=True)

    class Meta:
        table = "seal"


SEALED = Sealed(Seal, "sealed", "seal", lambda seal: seal.handle.encode())


class SealDestroyed(Conflict):
    text = Text(
        "Nobody can find this out any more: seals are destroyed after 180 days.",
        "已经无法查看：封存的信息会在 180 天后销毁。",
        "已經無法查看：封存的資訊會在 180 天後銷毀。",
    )


async def put(person_id: UUID, *, handle: str, thread_id: UUID) -> None:
    """Seal whose this handle is; the first seal of a handle stays."""
    seal = Seal(
        handle=handle,
        thread_id=thread_id,
        sealed=sealing.closed("seal", person_id.bytes, bound_to=handle.encode()),
        destroyed_on=clock.business_date() + SEALED_FOR,
    )
    await inserts.added(seal)


async def opened(handles: Sequence[str]) -> list[UUID | None]:
    """Whose each handle is; nobody's once its seal is destroyed."""
    standing = Seal.filter(handle__in=set(handles), destroyed_on__gt=clock.business_date())
    whose = {
        seal.handle: UUID(bytes=sealing.opened("seal", seal.sealed, bound_to=seal.handle.encode()))
        for seal in await standing
    }
    return [whose.get(handle) for handle in handles]


async def stands(handle: str) -> bool:
    """Whether it could still be opened."""
    return await Seal.filter(handle=handle, destroyed_on__gt=clock.business_date()).exists()


async def destroy() -> None:
    """Due work: what is 180 days old cannot be opened any more, by nobody."""
    await Seal.filter(destroyed_on__lte=clock.business_date()).delete()
