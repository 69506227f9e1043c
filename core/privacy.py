"""Privacy: the notice of what is stored here, and who has accepted which version of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from core import clock, settings
from core.database import inserts
from core.database.sql import Statement
from core.errors import Conflict
from core.people import Person
from core.privacy_notice import NOTICE, VERSION
from core.text import Language, Text
from core.together import together


class Acceptance(Model):
    id = fields.UUIDField(primary_key=True)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", on_delete=fields.CASCADE
    )
    person_id: UUID
    version = fields.SmallIntField()
    accepted_at: datetime = fields.DatetimeField()

    class Meta:
        table = "privacy_acceptance"
        unique_together = ("person", "version")


ACCEPTED = Statement(
    """
    SELECT privacy_acceptance.* FROM privacy_acceptance
    WHERE person_id = ANY(:people) AND version = :version
    """,
    Acceptance,
)


class Notice(NamedTuple):
    version: int
    text: str


class OutdatedNotice(Conflict):
    text = Text(
        "The privacy notice has changed. Please read it again.",
        "隐私说明已经更新，请重新阅读。",
        "隱私說明已經更新，請重新閱讀。",
    )


def notice(language: Language) -> Notice:
    return Notice(VERSION, NOTICE.to(language, days=settings.current().erase_after_days))


async def accept(version: int, *, by: Person) -> None:
    """Accepting it again changes nothing. Raises OutdatedNotice."""
    if version != VERSION:
        raise OutdatedNotice
    await inserts.added(Acceptance(person_id=by.id, version=version, accepted_at=clock.now()))


@together
async def accepted(person_ids: Sequence[UUID]) -> list[bool]:
    """Whether each has accepted the present version."""
    found = await ACCEPTED.rows(people=person_ids, version=VERSION)
    known = {acceptance.person_id for (acceptance,) in found}
    return [id in known for id in person_ids]
