"""Cheers: anybody may cheer anybody on, once a day."""

from datetime import date, timedelta
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from core import clock, idempotency, people
from core.database import inserts
from core.database.sql import Statement
from core.errors import Busy, Forbidden
from core.messaging import notices
from core.messaging.notice_kinds import MANNERS, Manner, NoticeKind
from core.messaging.notices import News
from core.people import Person
from core.text import Text
from core.transactions import transaction

A_DAY = 20  # cheers of one person
KEPT = timedelta(days=30)

MANNERS[NoticeKind.CHEER] = Manner(
    Text("A colleague cheers you on.", "有同事在为你加油。", "有同事在為你加油。"),
    Text("{who} cheers you on.", "{who}在为你加油。", "{who}在為你加油。"),
    is_pushed=False,
)


class Cheer(Model):
    id = fields.UUIDField(primary_key=True)
    by_id: UUID = fields.UUIDField()
    person_id: UUID = fields.UUIDField(db_index=True)
    day: date = fields.DateField(db_index=True)

    class Meta:
        table = "cheer"
        unique_together = ("by_id", "day", "person_id")


COUNT = Statement("SELECT COUNT(*) FROM cheer WHERE by_id = :person AND day = :today")


class OwnCheer(Forbidden):
    text = Text("You cannot cheer yourself on.", "不能为自己加油哦。", "不能為自己加油喔。")


class EnoughCheers(Busy):
    text = Text(
        f"You have cheered {A_DAY} colleagues on today; tomorrow you can again.",
        f"今天你已经为 {A_DAY} 位同事加油了，明天再来吧。",
        f"今天你已經為 {A_DAY} 位同事加油了，明天再來吧。",
    )


@transaction
async def cheer(person_id: UUID, *, by: Person, key: str, is_told: bool = True) -> Person:
    """Twice on one day is once. Raises PersonNotFound, OwnCheer, EnoughCheers."""
    person = await people.found(person_id)
    if person.id == by.id:
        raise OwnCheer
    cheered = Cheer(id=uuid4(), by_id=by.id, person_id=person.id, day=clock.business_date())
    if await idempotency.claim(key, by=by.id, asked=person.id, result=cheered.id) != cheered.id:
        return person
    if await inserts.added(cheered):
        await _check(by)
        if is_told:
            subject = f"person_{person.id.hex}"
            await notices.tell(
                person.id, News(NoticeKind.CHEER, subject, str(cheered.id), actor=by.id)
            )
    return person


async def forget() -> None:
    """Due work."""
    await Cheer.filter(day__lt=clock.business_date() - KEPT).delete()


async def _check(by: Person) -> None:
    """Of two at once, the second waits and is counted after the first."""
    await people.hold(by.id)
    [(count,)] = await COUNT.rows(person=by.id, today=clock.business_date())
    if count > A_DAY:
        raise EnoughCheers
