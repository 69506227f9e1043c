"""Suspensions: who may not write in a group for a while.

A row names nobody, be the words named or anonymous. It has a mark, HMAC(key, person, words), that
can only be compared and differs for other words: no two rows tell that their author is one.
"""

import hmac
from collections.abc import Sequence
from datetime import date, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from community import seals
from community.authors import Written
from community.groups import Group
from core import audit, clock, events
from core.crypto import keys
from core.database import inserts
from core.database.sql import Statement
from core.errors import Forbidden, Invalid
from core.people import Person
from core.text import Text
from core.transactions import transaction

LONGEST = timedelta(days=90)


class Suspension(Model):
    subject_id: UUID = fields.UUIDField(primary_key=True, description="the words it is for")
    group_id: UUID = fields.UUIDField(db_index=True)
    key_version = fields.SmallIntField()
    mark = fields.CharField(max_length=64)
    until: date = fields.DateField(db_index=True, description="first day of writing again")

    class Meta:
        table = "suspension"


STANDING = Statement(
    """
    SELECT suspension.* FROM suspension WHERE group_id = ANY(:groups) AND until > :today
    ORDER BY until
    """,
    Suspension,
)


class Suspended(Forbidden):
    text = Text(
        "You can write in this group again from {until} on.",
        "您可以从 {until} 起重新在该群组发言。",
        "您可以從 {until} 起重新在該群組發言。",
    )


class BadSuspension(Invalid):
    text = Text(
        f"A suspension lasts from 1 to {LONGEST.days} days.",
        f"禁言时间为 1 到 {LONGEST.days} 天。",
        f"禁言時間為 1 到 {LONGEST.days} 天。",
    )


@transaction
async def suspend(row: Written, group: Group, *, until: date, reason: str, by: Person) -> None:
    """Keep the author of these words from writing in the group, whoever it is.

    The seal is opened for the mark alone. Raises BadSuspension, SealDestroyed.
    """
    if not timedelta(days=1) <= until - clock.business_date() <= LONGEST:
        raise BadSuspension
    version = keys.ring("handle").current_version
    suspension = Suspension(
        subject_id=row.id,
        group_id=group.id,
        key_version=version,
        mark=_mark(await _author_id(row), row.id, version),
        until=until,
    )
    if not await inserts.added(suspension):
        await Suspension.filter(subject_id=row.id).update(until=until)
    await _record("author.suspended", row, group, by, until=until.isoformat(), reason=reason)


@transaction
async def lift(row: Written, group: Group, *, by: Person) -> None:
    """Let the author write again; what is not there changes nothing."""
    if await Suspension.filter(subject_id=row.id).delete():
        await _record("author.unsuspended", row, group, by)


async def check(person: Person, group: Group) -> None:
    """Raises Suspended."""
    [until] = await of_viewer([group], viewer=person)
    if until:
        raise Suspended(until=until)


async def of_viewer(groups: Sequence[Group], *, viewer: Person) -> list[date | None]:
    """Until when the viewer may not write in each group."""
    ids = [group.id for group in groups]
    rows = await STANDING.rows(groups=ids, today=clock.business_date())
    until = {one.group_id: one.until for (one,) in rows if _is_of(viewer, one)}
    return [until.get(id) for id in ids]


async def of_subjects(subject_ids: Sequence[UUID]) -> list[date | None]:
    """Until when somebody may not write because of each."""
    standing = Suspension.filter(subject_id__in=subject_ids, until__gt=clock.business_date())
    until = {one.subject_id: one.until for one in await standing}
    return [until.get(id) for id in subject_ids]


async def forget() -> None:
    """Due work: what is over is gone."""
    await Suspension.filter(until__lte=clock.business_date()).delete()


def _is_of(person: Person, suspension: Suspension) -> bool:
    mark = _mark(person.id, suspension.subject_id, suspension.key_version)
    return hmac.compare_digest(suspension.mark, mark)


def _mark(person_id: UUID, subject_id: UUID, version: int) -> str:
    told = b"suspended" + person_id.bytes + subject_id.bytes
    return hmac.new(keys.ring("handle").key(version), told, sha256).hexdigest()


async def _author_id(row: Written) -> UUID:
    [id] = [row.author_id] if row.handle is None else await seals.opened([row.handle])
    if id is None:
        raise seals.SealDestroyed
    return id


async def _record(name: str, row: Written, group: Group, by: Person, **facts: Any) -> None:
    facts |= {"group": group.id}
    author, handle = row.author_id, row.handle
    await events.record(name, subject=row.id, author=author, author_handle=handle, **facts)
    await audit.record(name, by=by.id, about=row.id, **facts)
