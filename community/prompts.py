"""Prompts: newcomers and their buddies are reminded of each other on some of the first days."""

from datetime import timedelta
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from community.buddies import Buddy
from core import clock, events, pauses, people
from core.database import inserts
from core.events import Event
from core.messaging import notices
from core.messaging.notice_kinds import MANNERS, Manner, NoticeKind
from core.messaging.notices import News
from core.people import Person
from core.text import Text
from core.transactions import transaction

DAYS = (1, 7, 30, 90)  # at work; the first one is day 1
LATE = timedelta(days=3)  # of a prompt that was missed, for it to be better than none
KEPT = timedelta(days=180)

MANNERS[NoticeKind.PROMPT] = Manner(
    Text("How are you settling in?", "在这里还习惯吗？", "在這裡還習慣嗎？"),
    Text(
        "A good day for a word with {who}.",
        "今天适合和{who}聊几句。",
        "今天適合和{who}聊幾句。",
    ),
)


class Prompt(Model):
    id = fields.UUIDField(primary_key=True)
    newcomer: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", on_delete=fields.CASCADE
    )
    newcomer_id: UUID
    day = fields.SmallIntField(description="at work: 1, 7, 30 or 90")
    on = fields.DateField(db_index=True)

    class Meta:
        table = "prompt"
        unique_together = ("newcomer", "day")


async def record_due() -> None:
    """Due work: each of the days is told once, for as many people as there are."""
    today = clock.business_date()
    for day in DAYS:
        first = today - timedelta(days=day - 1)
        arrived = Person.filter(people.employed(), hired_on__gt=first - LATE, hired_on__lte=first)
        told = Prompt.filter(day=day, on__gt=today - LATE)
        known = set(await told.values_list("newcomer_id", flat=True))
        for newcomer in await arrived.only("id"):
            if newcomer.id not in known:
                await _record(newcomer.id, day)


@transaction
async def _record(newcomer_id: UUID, day: int) -> None:
    prompt = Prompt(id=uuid4(), newcomer_id=newcomer_id, day=day, on=clock.business_date())
    if await inserts.added(prompt):
        await events.record("prompt.due", newcomer=newcomer_id, day=day)


async def tell(event: Event) -> None:
    """Subscriber: newcomer and buddy hear of it, unless they are away."""
    newcomer = UUID(event.payload["newcomer"])
    pair = await Buddy.get_or_none(newcomer_id=newcomer)
    about = {pair.buddy_id: newcomer, newcomer: pair.buddy_id} if pair else {newcomer: None}
    away = await pauses.paused([*about], clock.business_date())
    for (reader, other), is_away in zip(about.items(), away, strict=True):
        if not is_away:
            subject = f"person_{other.hex}" if other else ""
            news = News(NoticeKind.PROMPT, subject, str(event.id), other)
            await notices.tell(reader, news)


async def forget() -> None:
    """Due work: whoever was prompted on the last of the days needs no memory of it."""
    await Prompt.filter(on__lt=clock.business_date() - KEPT).delete()
