"""Erasures: who has left becomes nameless, after a while or when it is asked for and agreed to.

What then becomes of each noun stands in its package's KEEPING. Nothing undoes it.
"""

import hmac
from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import structlog
from tortoise import fields
from tortoise.expressions import Subquery
from tortoise.models import Model
from tortoise.queryset import QuerySet

from core import audit, clock, events, idempotency, pages, people, settings
from core.crypto import keys
from core.database import inserts
from core.errors import Conflict, Forbidden, NotFound
from core.keeping import Keeping
from core.pages import Connection, Listing, Page
from core.people import Person, PersonNotFound
from core.text import Text
from core.transactions import transaction

AT_ONCE = 20  # people

ASKED = Listing("erasures", "asked_at")

log = structlog.get_logger(__name__)


class Erasure(Model):
    id = fields.UUIDField(primary_key=True)
    person_id: UUID = fields.UUIDField(unique=True)
    asked_by_id: UUID | None = fields.UUIDField(null=True, description="null: their time had come")
    asked_at: datetime = fields.DatetimeField()
    agreed_by_id: UUID | None = fields.UUIDField(null=True)
    agreed_at: datetime | None = fields.DatetimeField(null=True)
    number_mark = fields.CharField(
        max_length=64, null=True, db_index=True, description="keyed hash of the employee number"
    )
    done_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "erasure"
        indexes = (("asked_at", "id"), ("done_at", "agreed_at"))


OF_LEAVERS = pages.Listed(
    f"""
    SELECT erasure.* FROM erasure JOIN person ON person.id = erasure.person_id
    WHERE NOT {people.EMPLOYED}
    """,
    Erasure,
    ASKED,
)


class StillHere(Conflict):
    text = Text(
        "This person works here. They can be erased once they have left.",
        "此人仍在职，离职后才能删除其个人信息。",
        "此人仍在職，離職後才能刪除其個人資訊。",
    )


class AnotherAgrees(Forbidden):
    text = Text(
        "Nothing undoes an erasure: somebody other than who asked has to agree.",
        "删除后无法恢复，需要由申请人以外的同事确认。",
        "刪除後無法復原，需要由申請人以外的同事確認。",
    )


class ErasureDecided(Conflict):
    text = Text(
        "This was decided already.",
        "已经有人处理过了。",
        "已經有人處理過了。",
    )


class ErasureNotFound(NotFound):
    text = Text(
        "This request is not here any more.",
        "找不到这个删除申请。",
        "找不到這則刪除申請。",
    )


@transaction
async def ask(number: str, *, by: Person, key: str) -> Erasure:
    """Ask for one who has left; asking again is the same request. Raises StillHere."""
    person = await Person.get_or_none(number=number.strip())
    if person is None:
        raise PersonNotFound
    if not await people.has_left(person.id):
        raise StillHere
    return await _ask(person, by, key)


@transaction
async def ask_own(*, by: Person, key: str) -> Person:
    """Ask to be erased oneself once one has left."""
    await _ask(by, by, key)
    return by


@transaction
async def take_back(*, by: Person) -> Person:
    """Let the usual time pass; without a request nothing changes."""
    await _open().filter(person_id=by.id, asked_by_id=by.id).delete()
    return by


@transaction
async def decide(erasure_id: UUID, *, agreed: bool, by: Person) -> Erasure:
    """Agree, which nothing undoes, or turn it down; as somebody other than who asked."""
    erasure = await Erasure.get_or_none(id=erasure_id)
    if erasure is None or not await people.has_left(erasure.person_id):
        raise ErasureNotFound
    if by.id == erasure.asked_by_id:
        raise AnotherAgrees
    undecided = _open().filter(id=erasure.id)
    decision = {"agreed_by_id": by.id, "agreed_at": clock.now()}
    if not await (undecided.update(**decision) if agreed else undecided.delete()):
        raise ErasureDecided
    name = "erasure.agreed" if agreed else "erasure.declined"
    await audit.record(name, by=by.id, about=erasure.person_id)
    return erasure.update_from_dict(decision) if agreed else erasure


async def listed(*, page: Page) -> Connection[Erasure]:
    """The latest first. Nobody learns who wants it while they are here: they might want to go."""
    return await OF_LEAVERS.read(page, today=clock.business_date())


async def asked_by_themselves(person_ids: Sequence[UUID]) -> list[datetime | None]:
    """Since when each wants to be erased once they have left."""
    own = Erasure.filter(person_id__in=person_ids, asked_by_id__in=person_ids)
    found = dict(await own.values_list("person_id", "asked_at"))
    return [found.get(id) for id in person_ids]


async def erased(numbers: Collection[str]) -> set[str]:
    """Which of these employee numbers were somebody's who was erased."""
    marks = {_mark(number): number for number in numbers}
    found = await Erasure.filter(number_mark__in=[*marks]).only("number_mark")
    return {marks[erasure.number_mark] for erasure in found if erasure.number_mark}


def eraser(keeping: Sequence[Keeping]) -> Callable[[], Awaitable[None]]:
    """Due work: whoever has long left, or is agreed on, becomes nameless in all these tables."""

    async def erase_due() -> None:
        await _schedule()
        agreed = Erasure.filter(agreed_at__not_isnull=True, done_at__isnull=True)
        for erasure in await agreed.order_by("agreed_at", "id").limit(AT_ONCE):
            try:
                await _erase(erasure, keeping)
            except Exception as fault:  # noqa: BLE001  # the others must be erased
                # without a traceback: that could show what was to be erased
                log.error("erasure_not_done", id=str(erasure.id), fault=type(fault).__name__)  # noqa: TRY400

    return erase_due


async def _schedule() -> None:
    """Who left long enough ago, asked for or not."""
    before = clock.business_date() - timedelta(days=settings.current().erase_after_days)
    agreed = Erasure.filter(agreed_at__not_isnull=True).values("person_id")
    gone = Person.filter(left_on__lte=before).exclude(id__in=Subquery(agreed))
    for person in await gone.order_by("left_on", "id").limit(AT_ONCE):
        at = clock.now()
        asked = Erasure(id=uuid4(), person_id=person.id, asked_at=at, agreed_at=at)
        if not await inserts.added(asked):
            await _open().filter(person_id=person.id).update(agreed_at=at)


async def _erase(erasure: Erasure, keeping: Sequence[Keeping]) -> None:
    """Every step may be taken twice; whoever has come back since is left alone."""
    if not await people.has_left(erasure.person_id):
        await Erasure.filter(id=erasure.id, done_at__isnull=True).delete()
        return
    person = await Person.get(id=erasure.person_id)
    if person.name:
        await Erasure.filter(id=erasure.id).update(number_mark=_mark(person.number))
    for one in keeping:
        await one.erase(person)
    await _done(erasure)


@transaction
async def _done(erasure: Erasure) -> None:
    standing = Erasure.filter(id=erasure.id, done_at__isnull=True)
    if await standing.update(done_at=clock.now()):
        await events.record("person.erased", person=erasure.person_id)
        await audit.record("person.erased", by=erasure.agreed_by_id, about=erasure.person_id)


async def _ask(person: Person, by: Person, key: str) -> Erasure:
    erasure = Erasure(id=uuid4(), person_id=person.id, asked_by_id=by.id, asked_at=clock.now())
    asked = ["erasure", person.id]
    first = await idempotency.claim(key, by=by.id, asked=asked, result=erasure.id)
    if first == erasure.id and await inserts.added(erasure):
        await audit.record("erasure.asked", by=by.id, about=person.id)
        return erasure
    if standing := await Erasure.get_or_none(person_id=person.id):
        return standing
    raise ErasureNotFound  # turned down, or taken back, since


def _open() -> QuerySet[Erasure]:
    return Erasure.filter(agreed_at__isnull=True)


def _mark(number: str) -> str:
    return hmac.new(keys.secret("erasure"), number.encode(), "sha256").hexdigest()
