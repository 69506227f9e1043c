"""Employments: a person's stays in the company, each from a first day on.

Whoever is hired again, on the day they left or later, begins a new one, and the one before stays as
it ended. Any other change of dates corrects the employment that they have.
"""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from core import clock
from core.database import inserts
from core.database.sql import Statement
from core.people import HireChannel, Person
from core.personnel.staff_changes import Change
from core.personnel.staff_columns import Field


class PastEmployment(Model):
    """One that was followed by another; the last one stands in the person."""

    id = fields.UUIDField(primary_key=True)
    person_id: UUID = fields.UUIDField()
    hired_on: date = fields.DateField(db_index=True)
    left_on: date = fields.DateField(description="first day no longer employed")
    hire_channel = fields.CharEnumField(HireChannel)
    department = fields.CharField(max_length=80, description="the last one")

    class Meta:
        table = "past_employment"
        unique_together = ("person_id", "hired_on")


class Employment(NamedTuple):
    """`left_on` may lie in the future."""

    hired_on: date
    left_on: date | None
    channel: HireChannel
    department: str


BEGUN = "WHERE hired_on >= :since AND hired_on <= :today"
NOW = Statement(
    f"""
    SELECT person.*, team.department
    FROM person LEFT JOIN team ON team.id = person.team_id {BEGUN}
    """,
    Person,
)
PAST = Statement(
    f"SELECT past_employment.*, department FROM past_employment {BEGUN}", PastEmployment
)


async def keep(changes: Iterable[Change]) -> None:
    """Remember what ended for those whom these changes hire again."""
    for change in changes:
        before = change.standing.values
        if change.is_rehired and before[Field.HIRED_ON]:
            await inserts.added(
                PastEmployment(
                    id=uuid4(),
                    person_id=change.standing.id,
                    hired_on=before[Field.HIRED_ON],
                    left_on=before[Field.LEFT_ON],
                    hire_channel=before[Field.HIRE_CHANNEL],
                    department=before[Field.DEPARTMENT] or "",
                )
            )


async def begun(*, since: date) -> list[Employment]:
    """Those of everybody that have begun since, in the company's whole history if it is early."""
    span = {"since": since, "today": clock.business_date()}
    found = [*await NOW.rows(**span), *await PAST.rows(**span)]
    return [
        Employment(one.hired_on, one.left_on, one.hire_channel, department or "")
        for one, department in found
    ]
