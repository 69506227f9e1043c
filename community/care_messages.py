"""Care messages: what counsellors and a sealed author write to each other, encrypted at rest.

What the author writes appears to counsellors when its bucket closes; a counsellor's words appear at
once. So nobody can tell the moment at which the author held a phone.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.expressions import Q
from tortoise.models import Model

from community import authors, carelines
from community.buckets import BUCKET
from community.carelines import KEPT, CareLine
from core import clock, events, idempotency, pages
from core.crypto import sealing
from core.crypto.resealing import Sealed
from core.events import Event
from core.pages import Connection, Listing, Page
from core.people import Person
from core.text import Language, Text
from core.transactions import transaction
from core.writing import written

TEXT = 2000  # characters

MESSAGES = Listing("care messages", "written_at")

OPENED = Text(
    "We were worried about you, so a counsellor looked up who wrote this, to be able to help. "
    "Nobody else can see it, and it is recorded why.",
    "我们很担心您，因此一位心理咨询师查看了这段话的作者，以便帮助您。其他人看不到，原因已记录在案。",
    "我們很擔心您，因此一位心理諮商師查看了這段話的作者，以便幫助您。其他人看不到，原因已記錄在案。",
)


class CareMessageKind(StrEnum):
    WORDS = "WORDS"
    SEAL_OPENED = "SEAL_OPENED"


class CareMessage(Model):
    id = fields.UUIDField(primary_key=True)
    line: fields.ForeignKeyRelation[CareLine] = fields.ForeignKeyField("models.CareLine")
    line_id: UUID
    kind = fields.CharEnumField(CareMessageKind, max_length=20)
    counsellor_id: UUID | None = fields.UUIDField(null=True, description="null: the author")
    sealed: bytes = fields.BinaryField(description="the words")
    written_at: datetime = fields.DatetimeField(description="shown to counsellors from then on")

    class Meta:
        table = "care_message"
        indexes = (("line_id", "written_at", "id"),)

    @property
    def is_from_author(self) -> bool:
        return self.counsellor_id is None


SEALED = Sealed(CareMessage, "sealed", "care", lambda message: message.id.bytes)
WRITTEN = pages.Each(
    CareMessage,
    "line_id = parent.id AND (written_at <= :now OR parent.mark = 'author')",
    MESSAGES,
)


@transaction
async def write(line_id: UUID, text: str, *, by: Person, key: str) -> CareMessage:
    """Write to the other side."""
    line = await carelines.visible(line_id, to=by)
    text, id = written(text, most=TEXT), uuid4()
    asked = ["care message", line_id, text]
    if (first := await idempotency.claim(key, by=by.id, asked=asked, result=id)) != id:
        return await CareMessage.get(id=first)
    if authors.wrote(by, line):
        message = _message(line, id, text, at=await _hidden_moment(line))
    else:
        message = _message(line, id, text, at=clock.now(), counsellor_id=by.id)
        await _answered(line, message)
    return await _send(line, message)


@transaction
async def tell_of_opening(line: CareLine, *, by: Person) -> CareMessage:
    """Tell the author that the seal was opened."""
    message = _message(line, uuid4(), "", at=clock.now(), counsellor_id=by.id)
    message.kind = CareMessageKind.SEAL_OPENED
    return await _send(line, message)


async def listed(
    lines: Sequence[CareLine], *, viewer: Person, page: Page
) -> list[Connection[CareMessage]]:
    """What was written on each line, the latest first."""
    marks = ["author" if authors.wrote(viewer, line) else "" for line in lines]
    return await WRITTEN.read([line.id for line in lines], page, marks, now=clock.now())


async def texts(messages: Sequence[CareMessage], *, language: Language) -> list[str]:
    return [_text(message, language) for message in messages]


async def appear(event: Event) -> None:
    """Subscriber: what the author wrote moves the line up when counsellors see it, not before."""
    message = await CareMessage.get_or_none(id=event.payload["message"])
    if message and message.is_from_author:
        moved = CareLine.filter(
            Q(last_written_at__isnull=True) | Q(last_written_at__lt=message.written_at),
            id=message.line_id,
        )
        await moved.update(last_written_at=message.written_at, is_awaiting_answer=True)


def _message(
    line: CareLine, id: UUID, text: str, *, at: datetime, counsellor_id: UUID | None = None
) -> CareMessage:
    return CareMessage(
        id=id,
        line_id=line.id,
        kind=CareMessageKind.WORDS,
        counsellor_id=counsellor_id,
        sealed=sealing.closed("care", text.encode(), bound_to=id.bytes),
        written_at=at,
    )


async def _send(line: CareLine, message: CareMessage) -> CareMessage:
    await message.save(force_create=True)
    await CareLine.filter(id=line.id).update(destroyed_on=clock.business_date() + KEPT)
    await events.record(
        "care_message.written",
        actor=message.counsellor_id,
        handle=line.handle if message.is_from_author else None,
        due_at=message.written_at,
        careline=line.id,
        message=message.id,
    )
    return message


async def _answered(line: CareLine, message: CareMessage) -> None:
    await CareLine.filter(id=line.id).update(
        counsellor_id=line.counsellor_id or message.counsellor_id,
        last_written_at=message.written_at,
        is_awaiting_answer=False,
    )


async def _hidden_moment(line: CareLine) -> datetime:
    """The end of the bucket, and a microsecond for each message, which keeps them in order."""
    before = await CareMessage.filter(line_id=line.id).count()
    return clock.rounded_up(clock.now(), BUCKET) + timedelta(microseconds=before)


def _text(message: CareMessage, language: Language) -> str:
    if message.kind is CareMessageKind.SEAL_OPENED:
        return OPENED.to(language)
    return sealing.opened("care", message.sealed, bound_to=message.id.bytes).decode()
