"""Quiet hours: between which hours nothing pings a person, by the clock on the wall."""

from collections.abc import Sequence
from datetime import time
from typing import NamedTuple
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from core.database import inserts
from core.database.sql import Statement
from core.errors import Invalid
from core.people import Person
from core.text import Text
from core.together import together
from core.transactions import transaction

HOUR = 60  # minutes


class Hours(NamedTuple):
    """Over midnight, where they end earlier on a clock than they begin."""

    begins: time
    ends: time


USUAL = Hours(time(22), time(8))


class QuietHours(Model):
    """Of who wants others than the usual ones."""

    person_id: UUID = fields.UUIDField(primary_key=True)
    begins = fields.SmallIntField(description="minutes after midnight")
    ends = fields.SmallIntField()

    class Meta:
        table = "quiet_hours"

    @property
    def hours(self) -> Hours:
        return Hours(_time(self.begins), _time(self.ends))


OF = Statement("SELECT quiet_hours.* FROM quiet_hours WHERE person_id = ANY(:people)", QuietHours)


class NoQuietHours(Invalid):
    text = Text(
        "Quiet hours begin at one time and end at another.",
        "免打扰的开始和结束时间不能相同。",
        "勿擾的開始和結束時間不能相同。",
    )


@transaction
async def choose(begins: time, ends: time, *, by: Person) -> Person:
    """Have one's own. Raises NoQuietHours."""
    chosen = QuietHours(person_id=by.id, begins=_minutes(begins), ends=_minutes(ends))
    if chosen.begins == chosen.ends:
        raise NoQuietHours
    await inserts.put(chosen, "person_id")
    return by


@together
async def of(person_ids: Sequence[UUID]) -> list[Hours]:
    """Each one's, or the usual ones."""
    chosen = {row.person_id: row.hours for (row,) in await OF.rows(people=set(person_ids))}
    return [chosen.get(id, USUAL) for id in person_ids]


def _minutes(at: time) -> int:
    return at.hour * HOUR + at.minute


def _time(minutes: int) -> time:
    return time(*divmod(minutes, HOUR))
