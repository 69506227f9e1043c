"""Nameless: what becomes of a person's own row, and of all that the core holds of them."""

from datetime import date, timedelta
from uuid import uuid4

from core.audit import AuditEntry
from core.erasures import Erasure
from core.events import Event
from core.exports import Export
from core.identity.activation_codes import ActivationCode
from core.identity.passwords import Password
from core.identity.sessions import Session
from core.keeping import Keeping, Then, deleted, stays
from core.media import images
from core.media.images import Image
from core.media.uploads import Upload
from core.messaging.addresses import Address
from core.messaging.notice_settings import NoticeChoice
from core.messaging.notices import Box, Notice
from core.messaging.quiet_hours import QuietHours
from core.pauses import Pause
from core.people import Grants, Person
from core.personnel.employments import PastEmployment
from core.privacy import Acceptance
from core.rosters.shifts import Shift
from core.search import words
from core.search.names import PersonWords
from core.transactions import transaction

SHIFTS_KEPT = timedelta(days=400)  # a year's streaks and boards look back at them


async def _drop_avatar(person: Person) -> None:
    """The files first: while there is a row, they will be found again."""
    for image in await Image.filter(id=person.avatar_id):
        await images.drop_files([image.full_name, image.thumb_name])
        await Image.filter(id=image.id).delete()


async def _drop_uploads(person: Person) -> None:
    for upload in await Upload.filter(owner_id=person.id):
        await images.drop_files(name for name in (upload.full_name, upload.thumb_name) if name)
        await Upload.filter(id=upload.id).delete()


@transaction
async def _forget_name(person: Person) -> None:
    hired_on, left_on = coarse(person.hired_on, person.left_on)
    await Person.filter(id=person.id).update(
        name="",
        number=f"erased-{uuid4().hex}",
        phone=None,
        manager_id=None,
        grants=Grants.NONE,
        hired_on=hired_on,
        left_on=left_on,
        avatar_id=None,
    )
    await Person.filter(manager_id=person.id).update(manager_id=None)


async def _cannot_be_found(person: Person) -> None:
    await words.drop(PersonWords, person.id)
    await words.compact(PersonWords)


@transaction
async def _coarsen_past(person: Person) -> None:
    for past in await PastEmployment.filter(person_id=person.id):
        hired_on, left_on = coarse(past.hired_on, past.left_on)
        await PastEmployment.filter(id=past.id).update(hired_on=hired_on, left_on=left_on)


def coarse(hired_on: date | None, left_on: date | None) -> tuple[date | None, date | None]:
    """For retention curves: how long somebody stayed, to the day, but not since which day."""
    first = hired_on or left_on
    back = timedelta(days=first.day - 1) if first else timedelta()
    return hired_on and hired_on - back, left_on and left_on - back


#: In this order: the avatar while the person's row leads to it.
KEEPING = [
    deleted(Image, erase=_drop_avatar),
    Keeping(Person, Then.BLANKED, _forget_name),
    Keeping(PastEmployment, Then.BLANKED, _coarsen_past),
    deleted(PersonWords, erase=_cannot_be_found),
    deleted(Upload, erase=_drop_uploads),
    deleted(Acceptance, "person_id"),
    deleted(ActivationCode, "person_id"),
    deleted(Address, "person_id"),
    deleted(Box, "person_id"),
    deleted(Export, "person_id"),
    deleted(Notice, "person_id"),
    deleted(NoticeChoice, "person_id"),
    deleted(Password, "person_id"),
    deleted(Pause, "person_id"),
    deleted(QuietHours, "person_id"),
    deleted(Session, "person_id"),
    deleted(Shift, "person_id", since="ends_at", kept=SHIFTS_KEPT),
    stays(AuditEntry, "a chain that nobody can change; it holds ids and what was done"),
    stays(Erasure, "that it was done, and who agreed"),
    stays(Event, "ids alone"),
]
