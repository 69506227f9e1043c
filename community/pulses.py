"""Pulses: how are you, in one tap a day, for oneself alone. It needs a consent of its own."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID, uuid4

import orjson
from tortoise import fields
from tortoise.models import Model

from core import clock, idempotency, pages, people
from core.crypto import sealing
from core.crypto.resealing import Sealed
from core.database import inserts
from core.database.sql import Statement
from core.errors import Conflict, Forbidden
from core.events import Event
from core.pages import Connection, Listing, Page
from core.people import Person
from core.text import Text
from core.together import together
from core.transactions import transaction
from core.writing import written

WORDS = 280  # characters
KEPT = timedelta(days=731)

HISTORY = Listing("pulse", "day")


class Face(StrEnum):
    AWFUL = "AWFUL"
    LOW = "LOW"
    SO_SO = "SO_SO"
    GOOD = "GOOD"
    GREAT = "GREAT"


class PulseConsent(Model):
    person_id: UUID = fields.UUIDField(primary_key=True)
    given_on: date = fields.DateField()

    class Meta:
        table = "pulse_consent"


class CheckIn(Model):
    id = fields.UUIDField(primary_key=True)
    consent: fields.ForeignKeyRelation[PulseConsent] = fields.ForeignKeyField(
        "models.PulseConsent", description="which takes all check-ins with it when it goes"
    )
    consent_id: UUID
    day: datetime = fields.DatetimeField(db_index=True, description="0:00 UTC of a business date")
    sealed: bytes = fields.BinaryField(description="the face, and words to oneself")

    class Meta:
        table = "check_in"
        unique_together = ("consent", "day")

    @property
    def business_date(self) -> date:
        return self.day.date()

    @property
    def face(self) -> Face:
        return Face(self._said[0])

    @property
    def words(self) -> str | None:
        said: str | None = self._said[1]
        return said

    @property
    def _said(self) -> list[str]:
        said: list[str] = orjson.loads(sealing.opened("pulse", self.sealed, bound_to=_bond(self)))
        return said


#: Whoever has consented before did so then.
CONSENT = Statement(
    """
    INSERT INTO pulse_consent (person_id, given_on) VALUES (:person, :today)
    ON CONFLICT (person_id) DO UPDATE SET given_on = pulse_consent.given_on
    RETURNING pulse_consent.*
    """,
    PulseConsent,
)
WITHDRAW = Statement("DELETE FROM pulse_consent WHERE person_id = :person")
CONSENTED = "SELECT 1 FROM pulse_consent WHERE person_id = :person"
HOLD = Statement(f"{CONSENTED} FOR UPDATE", sqlite=CONSENTED)
REPLACE = Statement("DELETE FROM check_in WHERE consent_id = :person AND day = :day")
CONSENTS = Statement(
    "SELECT pulse_consent.* FROM pulse_consent WHERE person_id = ANY(:people)", PulseConsent
)
ON_DAY = Statement(
    "SELECT check_in.* FROM check_in WHERE consent_id = ANY(:people) AND day = :day", CheckIn
)
OF_PERSON = pages.Each(CheckIn, "consent_id = parent.id", HISTORY)


class Pulse(NamedTuple):
    person_id: UUID
    consented_on: date | None


class PulseConsentFirst(Forbidden):
    text = Text(
        "Say first that you want to keep a pulse here. You can take that back at any time.",
        "请先同意记录心情打卡，您可以随时撤回。",
        "請先同意記錄心情打卡，您可以隨時撤回。",
    )


class CheckInGone(Conflict):
    text = Text(
        "This check-in was erased since.",
        "这次打卡记录已被删除。",
        "這次打卡紀錄已被刪除。",
    )


async def consent(*, by: Person) -> Pulse:
    """Allow one's check-ins to be kept, and to be counted where they are many."""
    [(given,)] = await CONSENT.rows(person=by.id, today=clock.business_date())
    return Pulse(by.id, given.given_on)


async def withdraw(*, by: Person) -> Pulse:
    """Take the consent back, which erases every check-in."""
    await WITHDRAW.rows(person=by.id)
    return Pulse(by.id, consented_on=None)


@transaction
async def check_in(face: Face, *, by: Person, key: str, words: str | None = None) -> CheckIn:
    """Say how one is; later on the same business date it replaces what one said before."""
    if not await HOLD.rows(person=by.id):
        raise PulseConsentFirst
    words = written(words, most=WORDS) if words and words.strip() else None
    asked, id = ["check-in", face, words], uuid4()
    if (first := await idempotency.claim(key, by=by.id, asked=asked, result=id)) != id:
        return await _earlier(first, by)
    said = CheckIn(id=id, consent_id=by.id, day=_today())
    said.sealed = sealing.closed("pulse", orjson.dumps([face, words]), bound_to=_bond(said))
    await REPLACE.rows(person=by.id, day=said.day)
    await inserts.add([said])
    return said


@together
async def of(person_ids: Sequence[UUID]) -> list[Pulse]:
    consents = await CONSENTS.rows(people=person_ids)
    given = {consent.person_id: consent.given_on for (consent,) in consents}
    return [Pulse(id, given.get(id)) for id in person_ids]


@together
async def today(person_ids: Sequence[UUID]) -> list[CheckIn | None]:
    """What each has said today."""
    said = await ON_DAY.rows(people=person_ids, day=_today())
    found = {one.consent_id: one for (one,) in said}
    return [found.get(id) for id in person_ids]


async def history(person_ids: Sequence[UUID], *, page: Page) -> list[Connection[CheckIn]]:
    """What each has said, latest first."""
    return await OF_PERSON.read(person_ids, page)


async def end(event: Event) -> None:
    """Subscriber: nothing is kept of who has left."""
    person_id = UUID(event.payload["person"])
    if await people.has_left(person_id):
        await PulseConsent.filter(person_id=person_id).delete()


async def forget() -> None:
    """Due work: what is two years old is erased."""
    await CheckIn.filter(day__lt=_today() - KEPT).delete()


def _today() -> datetime:
    return datetime.combine(clock.business_date(), time(), UTC)


def _bond(said: CheckIn) -> bytes:
    """Whose it is, and of which day."""
    return said.consent_id.bytes + said.day.date().isoformat().encode()


async def _earlier(id: UUID, by: Person) -> CheckIn:
    """What the same request wrote, or what has replaced it today."""
    standing = CheckIn.filter(consent_id=by.id)
    found = await standing.get_or_none(id=id) or await standing.get_or_none(day=_today())
    if found is None:
        raise CheckInGone
    return found


SEALED = Sealed(CheckIn, "sealed", "pulse", _bond)
