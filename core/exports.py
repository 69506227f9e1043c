"""Exports: everything the service holds of a person's own, handed to them alone, once.

It is made by the worker, encrypted under a key that is not in the database, and gone when it was
fetched or after three days.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from io import BytesIO
from uuid import UUID, uuid4
from zipfile import ZIP_DEFLATED, ZipFile

import orjson
import structlog
from tortoise import fields
from tortoise.expressions import Q
from tortoise.models import Model

from core import clock, idempotency, people, settings
from core.belongings import Belonging, Picture, Row
from core.crypto import sealing, signing
from core.crypto.resealing import Sealed
from core.database import inserts
from core.database.sql import Statement
from core.errors import NotFound
from core.events import Event
from core.media import storage
from core.media.storage import NotStored
from core.people import Person
from core.text import Text
from core.transactions import transaction

KEPT = timedelta(days=3)
OPEN_FOR = timedelta(minutes=10)
AT_ONCE = 20
AGAIN = timedelta(days=1)  # from one to the next that one may ask for

log = structlog.get_logger(__name__)

Content = dict[str, list[Row]]


class Export(Model):
    id = fields.UUIDField(primary_key=True)
    person_id: UUID = fields.UUIDField(unique=True)
    requested_at: datetime = fields.DatetimeField(db_index=True)
    sealed: bytes | None = fields.BinaryField(null=True, description="a zip file")
    fetched_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "data_export"

    @property
    def is_ready(self) -> bool:
        return self.sealed is not None

    @property
    def is_fetched(self) -> bool:
        return self.fetched_at is not None

    @property
    def url(self) -> str | None:
        """Where it can be fetched once, within some minutes."""
        if not self.is_ready:
            return None
        place = path(self.id)
        signed = signing.sign(place, expires=clock.now() + OPEN_FOR)
        return f"{settings.current().public_url}{place}?{signed}"


#: Of what is in it, which may be large, enough to tell that it is there.
OWN = Statement(
    """
    SELECT id, person_id, requested_at, substr(sealed, 1, 1), fetched_at FROM data_export
    WHERE person_id = :person AND requested_at >= :since
    """,
    Export,
)
SEALED = Sealed(Export, "sealed", "export", lambda export: export.id.bytes)


class ExportNotFound(NotFound):
    text = Text(
        "This copy of your data is not here any more. Please ask for a new one.",
        "这份个人数据已不在这里，请重新申请。",
        "這份個人資料已不在這裡，請重新申請。",
    )


@transaction
async def request(*, by: Person, key: str) -> Export:
    """Ask for a copy of what is held here; one a day, asking again meanwhile is the same one."""
    export = Export(id=uuid4(), person_id=by.id, requested_at=clock.now())
    claimed = await idempotency.claim(key, by=by.id, asked=["export"], result=export.id)
    if claimed == export.id:
        await Export.filter(_over(), person_id=by.id).delete()
        await inserts.added(export)
    return await own(by)


async def own(by: Person) -> Export:
    """As it stands, without what is in it."""
    export: Export
    for (export,) in await OWN.rows(person=by.id, since=clock.now() - KEPT):
        return export
    raise ExportNotFound


def maker(belongings: Sequence[Belonging]) -> Callable[[], Awaitable[None]]:
    """Due work: make what was asked for, of what all packages hold."""

    async def make_due() -> None:
        waiting = Export.filter(_standing(), sealed__isnull=True, fetched_at__isnull=True)
        for export in await waiting.order_by("requested_at", "id").limit(AT_ONCE):
            try:
                await _make(export, belongings)
            except Exception as fault:  # noqa: BLE001  # the others must be made
                # without a traceback: that could show what was to be packed
                log.error("export_not_made", id=str(export.id), fault=type(fault).__name__)  # noqa: TRY400

    return make_due


async def fetch(export_id: UUID) -> bytes:
    """The zip file, for the first to come. Raises ExportNotFound."""
    ready = Export.filter(_standing(), id=export_id, sealed__isnull=False)
    sealed = await ready.first().values_list("sealed", flat=True)
    if not sealed or not await ready.update(sealed=None, fetched_at=clock.now()):
        raise ExportNotFound
    return sealing.opened("export", bytes(sealed), bound_to=export_id.bytes)


async def end(event: Event) -> None:
    """Subscriber: nothing waits for who has left."""
    person_id = UUID(event.payload["person"])
    if await people.has_left(person_id):
        await Export.filter(person_id=person_id).delete()


async def forget() -> None:
    """Due work: what nobody fetched, and that somebody did."""
    await Export.filter(_over()).delete()


def path(export_id: UUID) -> str:
    return f"/exports/{export_id.hex}"


def _standing() -> Q:
    return Q(requested_at__gte=clock.now() - KEPT)


def _over() -> Q:
    fetched = Q(fetched_at__isnull=False, requested_at__lt=clock.now() - AGAIN)
    return fetched | ~_standing()


async def _make(export: Export, belongings: Sequence[Belonging]) -> None:
    """Whoever is the first to have made it, if several do."""
    [person] = await people.named([export.person_id])
    packed = await _packed({part.name: await part.rows(person) for part in belongings})
    sealed = sealing.closed("export", packed, bound_to=export.id.bytes)
    unmade = Export.filter(id=export.id, sealed__isnull=True, fetched_at__isnull=True)
    await unmade.update(sealed=sealed)


async def _packed(content: Content) -> bytes:
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as zip:
        zip.writestr("data.json", orjson.dumps(content, default=str, option=orjson.OPT_INDENT_2))
        async for name, picture in _pictures(content):
            zip.writestr(f"pictures/{name}", picture)
    return file.getvalue()


async def _pictures(content: Content) -> AsyncIterator[tuple[str, bytes]]:
    for row in (row for rows in content.values() for row in rows):
        for name in (value for value in row.values() if isinstance(value, Picture)):
            try:
                yield name, await storage.current().get(name)
            except NotStored:
                continue  # deleted since
