"""Blocks: whom one does not want to read. They never learn of it.

Only what somebody writes under their name is hidden: if their aliases vanished with it, one could
find out by blocking one colleague after the other who wrote what unseen.
"""

from collections.abc import Sequence
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from core import pages, people
from core.database import inserts
from core.database.sql import Statement
from core.directories import Directory
from core.errors import Forbidden
from core.pages import Connection, Page
from core.people import Person, PersonNotFound
from core.text import Text

BLOCKED = Directory("blocked people")


class Block(Model):
    id = fields.UUIDField(primary_key=True)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="blocks"
    )
    person_id: UUID
    blocked: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="blocked_by"
    )
    blocked_id: UUID

    class Meta:
        table = "block"
        unique_together = ("person", "blocked")


OF = Statement(
    f"""SELECT person.* FROM block JOIN person ON person.id = block.blocked_id
    WHERE block.person_id = :reader {BLOCKED.page("person")}""",
    Person,
)
HAS = Statement("SELECT 1 FROM block WHERE person_id = :person AND blocked_id = :blocked")
UNBLOCK = Statement("DELETE FROM block WHERE person_id = :person AND blocked_id = :blocked")


class OwnSelf(Forbidden):
    text = Text("This is yourself.", "这是您自己。", "這是您自己。")


async def block(person_id: UUID, *, by: Person) -> Person:
    """See no more of what this person writes by name; saying so twice is once."""
    person = await people.found(person_id)
    if person.id == by.id:
        raise OwnSelf
    await inserts.added(Block(person_id=by.id, blocked_id=person.id))
    return person


async def unblock(person_id: UUID, *, by: Person) -> Person:
    """See them again; who was not blocked is left alone."""
    [person] = await people.by_id([person_id])
    if person is None:
        raise PersonNotFound
    await UNBLOCK.rows(person=by.id, blocked=person.id)
    return person


def unblocked(author: str) -> str:
    """In SQL: `:reader` has not blocked this author, who is nobody where words are anonymous."""
    return f"""NOT EXISTS (SELECT 1 FROM block
        WHERE block.person_id = :reader AND block.blocked_id = {author})"""


async def has_blocked(reader: Person, author_id: UUID | None) -> bool:
    return bool(await HAS.rows(person=reader.id, blocked=author_id))


async def of(person_ids: Sequence[UUID], *, page: Page) -> list[Connection[Person]]:
    """Whom each has blocked, by name."""
    start = BLOCKED.start(page)
    found = [await OF.rows(reader=id, **start) for id in person_ids]
    return [pages.cut([person for (person,) in rows], BLOCKED, page) for rows in found]
