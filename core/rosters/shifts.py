"""Shifts: who is on duty when."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint
from tortoise.models import Model

from core import clock
from core.database.sql import Statement
from core.people import Person
from core.together import together

LONGEST = timedelta(hours=24)
SHOWN = timedelta(days=14)  # how far ahead one sees one's own


class Shift(Model):
    id = fields.UUIDField(primary_key=True)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField("models.Person")
    person_id: UUID
    begins_at: datetime = fields.DatetimeField()
    ends_at: datetime = fields.DatetimeField(db_index=True, description="at most 24 hours later")

    class Meta:
        table = "shift"
        unique_together = ("person", "begins_at")
        constraints = (CheckConstraint("ends_at > begins_at", "shift_ends_after_it_begins"),)

    @property
    def business_date(self) -> date:
        """A shift over midnight belongs to the day it began."""
        return clock.business_date(self.begins_at)


TOUCHING = Statement(
    """
    SELECT shift.* FROM shift
    WHERE person_id = ANY(:people) AND begins_at > :earliest AND begins_at < :until
    AND ends_at > :since ORDER BY begins_at
    """,
    Shift,
)


@together
async def of(person_ids: Sequence[UUID]) -> list[list[Shift]]:
    """The shift each person is in, and those of the next 14 days."""
    now = clock.now()
    found = await touching(person_ids, now, now + SHOWN)
    return [found[id] for id in person_ids]


async def touching(
    person_ids: Sequence[UUID], since: datetime, until: datetime
) -> defaultdict[UUID, list[Shift]]:
    """By person: what ends after `since` and begins before `until`, in order."""
    around = {"earliest": since - LONGEST, "since": since, "until": until}
    found: defaultdict[UUID, list[Shift]] = defaultdict(list)
    for (shift,) in await TOUCHING.rows(people=set(person_ids), **around):
        found[shift.person_id].append(shift)
    return found
