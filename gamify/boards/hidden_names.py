"""Hidden names: who does not want to be named on boards; what they did counts as before."""

from collections.abc import Sequence
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from core.database import inserts
from core.database.sql import Statement
from core.people import Person


class HiddenName(Model):
    person_id: UUID = fields.UUIDField(primary_key=True)

    class Meta:
        table = "hidden_name"


OF = Statement("SELECT hidden_name.* FROM hidden_name WHERE person_id = ANY(:people)", HiddenName)
SHOW = Statement("DELETE FROM hidden_name WHERE person_id = :person")


async def hide(*, by: Person) -> Person:
    """Be named on no board, those that are closed included."""
    await inserts.added(HiddenName(person_id=by.id))
    return by


async def show(*, by: Person) -> Person:
    await SHOW.rows(person=by.id)
    return by


async def are_hidden(person_ids: Sequence[UUID]) -> list[bool]:
    hidden = {row.person_id for (row,) in await OF.rows(people=set(person_ids))}
    return [id in hidden for id in person_ids]
