"""Reporting lines: whom a person reports to, and who reports to them, however far."""

from uuid import UUID

from core.database.sql import Statement
from core.people import Person

#: In SQL, for a WITH RECURSIVE: the ids of the line of `:reader`, their own among them.
LINE = """
    above (id, manager_id) AS (
        SELECT id, manager_id FROM person WHERE id = :reader
        UNION SELECT person.id, person.manager_id
        FROM person JOIN above ON person.id = above.manager_id
    ), below (id) AS (
        SELECT id FROM person WHERE id = :reader
        UNION SELECT person.id FROM person JOIN below ON person.manager_id = below.id
    ), line (id) AS (SELECT id FROM above UNION SELECT id FROM below)
"""

SHARED = Statement(f"WITH RECURSIVE {LINE} SELECT line.id FROM line WHERE line.id = :person")


async def shared(reader: Person, person_id: UUID) -> bool:
    """Whether somebody is of the reader's own line, or the reader."""
    return bool(await SHARED.rows(reader=reader.id, person=person_id))
