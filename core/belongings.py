"""Belongings: what each noun holds of a person's own, as it is handed to them.

A row is what it says in plain values. Secrets, what others said in confidence, and ids of those
who looked after somebody are not among them.
"""

from collections.abc import Awaitable, Callable, Iterable
from typing import Any, NamedTuple

from tortoise.expressions import Q
from tortoise.models import Model

from core.audit import AuditEntry
from core.erasures import Erasure
from core.identity.sessions import Session
from core.media.images import Image
from core.media.uploads import Upload
from core.messaging.addresses import Address
from core.messaging.notice_settings import NoticeChoice
from core.messaging.notices import Notice
from core.messaging.quiet_hours import QuietHours
from core.pauses import Pause
from core.people import Person
from core.personnel.employments import PastEmployment
from core.privacy import Acceptance
from core.rosters.shifts import Shift

Row = dict[str, Any]


class Picture(str):
    """The name of a stored picture that goes along."""

    __slots__ = ()


class Belonging(NamedTuple):
    model: type[Model]
    rows: Callable[[Person], Awaitable[list[Row]]]

    @property
    def name(self) -> str:
        return str(self.model._meta.db_table)  # noqa: SLF001  # Tortoise's documented way


def of(model: type[Model], *columns: str, without: Iterable[str] = ()) -> Belonging:
    """The rows in which one of these columns holds the person."""

    async def rows(person: Person) -> list[Row]:
        theirs: list[dict[str, Any]] = [{column: person.id} for column in columns]
        found = model.filter(Q(*(Q(**one) for one in theirs), join_type="OR"))
        return [plain(row, without=without) for row in await found]

    return Belonging(model, rows)


def plain(row: Model, *, without: Iterable[str] = (), **more: Any) -> Row:
    """Its columns but for those that are encrypted, and more."""
    columns = row._meta.fields_db_projection  # noqa: SLF001  # as above
    said = {name: getattr(row, name) for name in columns if name not in {*without}}
    return {name: value for name, value in said.items() if not isinstance(value, bytes)} | more


async def _notices(person: Person) -> list[Row]:
    return [
        {"kind": row.kind, "about": row.subject_id, "at": row.at, "is_read": row.is_read}
        for row in await Notice.filter(person_id=person.id)
    ]


async def _avatar(person: Person) -> list[Row]:
    return [picture(image) for image in await Image.filter(id=person.avatar_id)]


def picture(image: Image) -> Row:
    return {"file": Picture(image.full_name), "width": image.width, "height": image.height}


BELONGINGS = [
    of(Person, "id"),
    Belonging(Image, _avatar),
    of(Acceptance, "person_id"),
    of(Erasure, "person_id", without=["asked_by_id", "agreed_by_id", "number_mark"]),
    of(Session, "person_id", without=["token_hash"]),
    of(Address, "person_id", without=["endpoint_hash"]),
    of(NoticeChoice, "person_id"),
    Belonging(Notice, _notices),
    of(QuietHours, "person_id"),
    of(PastEmployment, "person_id"),
    of(Pause, "person_id"),
    of(Shift, "person_id"),
    of(Upload, "owner_id"),
    of(AuditEntry, "by_id", without=["about_id", "facts", "before", "hash", "key_version"]),
]

#: What names people and is handed to none of them, by table.
WITHHELD = {
    "activation_code": "a secret that ends within days",
    "data_export": "the export itself",
    "event": "tells other parts of the service what is in the rows it is about",
    "notice_box": "a counter",
    "password": "a hash that only its owner can answer",
}
