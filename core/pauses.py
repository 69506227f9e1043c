"""Pauses: a person is away until a date; nobody asks why, and nobody else is told."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from core import clock
from core.database import inserts
from core.database.sql import Statement
from core.errors import Invalid
from core.people import Person
from core.text import Text
from core.together import together

LONGEST = timedelta(days=366)
KEPT = timedelta(days=800)  # after it ended: points may have two years to expire


class Pause(Model):
    id = fields.UUIDField(primary_key=True)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField("models.Person")
    person_id: UUID
    begins_on: date = fields.DateField()
    ends_on: date = fields.DateField(db_index=True, description="the first day back")

    class Meta:
        table = "pause"
        unique_together = ("person", "begins_on")


RUNNING = "begins_on <= :today AND ends_on > :today"
AWAY = Statement(f"SELECT pause.* FROM pause WHERE person_id = ANY(:people) AND {RUNNING}", Pause)
END = Statement(
    f"""
    UPDATE pause SET ends_on = :ends_on WHERE person_id = :person AND {RUNNING} RETURNING id
    """
)
TOUCHING = Statement(
    """
    SELECT pause.* FROM pause
    WHERE person_id = ANY(:people) AND begins_on < :before AND ends_on > :since
    """,
    Pause,
)


class NoPauseUntilThen(Invalid):
    text = Text(
        "Choose a day from tomorrow on, within a year.",
        "请选择明天起一年以内的日期。",
        "請選擇明天起一年以內的日期。",
    )


async def pause(until: date, *, by: Person) -> Person:
    """Be away from today until a date, the first day back; a pause that runs ends then instead."""
    today = clock.business_date()
    if not today < until <= today + LONGEST:
        raise NoPauseUntilThen
    if not await END.rows(person=by.id, today=today, ends_on=until):
        begun = Pause(person_id=by.id, begins_on=today, ends_on=until)
        await inserts.put(begun, "person_id", "begins_on")
    return by


async def resume(*, by: Person) -> Person:
    """Be back today; without a pause nothing changes."""
    today = clock.business_date()
    await END.rows(person=by.id, today=today, ends_on=today)
    return by


@together
async def until(person_ids: Sequence[UUID]) -> list[date | None]:
    """The first day back of each who is away now; for themselves alone."""
    running = await AWAY.rows(people=set(person_ids), today=clock.business_date())
    back = {pause.person_id: pause.ends_on for (pause,) in running}
    return [back.get(id) for id in person_ids]


async def paused(person_ids: Sequence[UUID], on: date) -> list[bool]:
    """Who was, or will be, away on a business date."""
    running = await AWAY.rows(people=set(person_ids), today=on)
    away = {pause.person_id for (pause,) in running}
    return [id in away for id in person_ids]


async def days(person_ids: Sequence[UUID], since: date, before: date) -> list[int]:
    """On how many business dates of a period, its last day excluded, each was away."""
    away: defaultdict[UUID, int] = defaultdict(int)
    for pause in await touching(person_ids, since, before):
        away[pause.person_id] += (min(pause.ends_on, before) - max(pause.begins_on, since)).days
    return [away[id] for id in person_ids]


async def touching(person_ids: Sequence[UUID], since: date, before: date) -> list[Pause]:
    """Their pauses on any business date of a period, its last day excluded."""
    rows = await TOUCHING.rows(people=set(person_ids), since=since, before=before)
    return [pause for (pause,) in rows]


async def forget() -> None:
    """Due work: what is long over tells nobody anything any more."""
    await Pause.filter(ends_on__lt=clock.business_date() - KEPT).delete()
