"""Sessions: the devices on which a person is signed in, each by a token that only it knows."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe
from typing import NamedTuple
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from core import clock, events, people
from core.database.sql import Statement
from core.errors import NotFound
from core.events import Event
from core.people import Person
from core.text import Text
from core.together import Together
from core.transactions import transaction

IDLE = timedelta(days=90)  # without a visit, and a session ends
DEVICE = 80  # characters of its name
MOST = 100  # devices of one person; who signs in on another one ends the oldest
NONE = UUID(int=0)


class Session(Model):
    id = fields.UUIDField(primary_key=True)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", on_delete=fields.CASCADE
    )
    person_id: UUID
    token_hash = fields.CharField(max_length=64, unique=True, description="SHA-256")
    device = fields.CharField(max_length=DEVICE, description="as it calls itself")
    signed_in_at: datetime = fields.DatetimeField()
    last_used_on: date = fields.DateField(
        db_index=True, description="a date, so that it betrays no post"
    )
    revoked_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "session"
        indexes = (("person_id", "revoked_at"),)


#: Sessions that go on, of people who work here; the values are those of `_today`.
ALIVE = f"""
    FROM session JOIN person ON person.id = session.person_id
    WHERE session.revoked_at IS NULL AND session.last_used_on > :idle_since
    AND {people.EMPLOYED}
"""
#: Who is asking.
WHO = Statement(
    f"SELECT session.*, person.* {ALIVE} AND session.token_hash = ANY(:tokens)", Session, Person
)
OF = Statement(
    f"""
    SELECT session.* {ALIVE} AND session.person_id = ANY(:people)
    ORDER BY session.last_used_on DESC, session.signed_in_at DESC, session.id
    """,
    Session,
)
#: In the morning many come at once; whose row is locked is looked at by somebody else.
VISIT = Statement(
    """
    UPDATE session SET last_used_on = :today WHERE id IN (
        SELECT id FROM session WHERE id = ANY(:ids) FOR NO KEY UPDATE SKIP LOCKED
    )
    """,
    sqlite="UPDATE session SET last_used_on = :today WHERE id = ANY(:ids)",
)
SOME = Statement(f"SELECT session.* {ALIVE} AND session.id = ANY(:ids)", Session)
ENDED = "UPDATE session SET revoked_at = :now WHERE person_id = :person AND revoked_at IS NULL"
END = Statement(f"{ENDED} AND id = :id RETURNING id")
END_ALL = Statement(f"{ENDED} AND id <> :keep RETURNING id")
END_SURPLUS = Statement(
    f"""
    {ENDED} AND id IN (
        SELECT id FROM session WHERE person_id = :person AND revoked_at IS NULL
        ORDER BY signed_in_at DESC LIMIT {MOST} OFFSET {MOST}
    ) RETURNING id
    """
)


class SignedIn(NamedTuple):
    """The token is told here and never again."""

    token: str
    session: Session
    person: Person


class SignedOut(NamedTuple):
    """On how many devices."""

    devices: int


class SessionNotFound(NotFound):
    text = Text(
        "You are not signed in on this device any more.",
        "这台设备已经退出登录了。",
        "這台裝置已經登出了。",
    )


async def open_for(person: Person, *, device: str) -> SignedIn:
    """Sign a person in whose identity is proven."""
    token = token_urlsafe(32)
    session = await Session.create(
        person=person,
        token_hash=_hash(token),
        device=device.strip()[:DEVICE],
        signed_in_at=clock.now(),
        last_used_on=clock.business_date(),
    )
    await _ended(END_SURPLUS, person.id, by=person)
    return SignedIn(token, session, person)


@transaction
async def sign_out(session_id: UUID, *, by: Person) -> SignedOut:
    ended = await _ended(END, by.id, by=by, id=session_id)
    if ended.devices == 0:
        raise SessionNotFound
    return ended


@transaction
async def sign_out_everywhere(person: Person, *, by: Person, keep: UUID | None = None) -> SignedOut:
    """Ends all sessions of a person but the one to `keep`."""
    return await _ended(END_ALL, person.id, by=by, keep=keep or NONE)


async def end(event: Event) -> None:
    """Subscriber: who has left is signed out for good, even if they come back."""
    person_id = UUID(event.payload["person"])
    if await people.has_left(person_id):
        await _end(person_id)


async def by_token(token: str) -> tuple[Session, Person] | None:
    """Who is asking, in one statement; None if that session is over or its person has left."""
    known = await KNOWN.ask(_hash(token))
    if known and known[0].last_used_on < clock.business_date():
        await USED.ask(known[0].id)
    return known


async def alive(session_ids: Sequence[UUID]) -> list[bool]:
    """Which sessions go on; for open sockets, to be asked again and again."""
    found = {session.id for (session,) in await SOME.rows(ids=session_ids, **_today())}
    return [id in found for id in session_ids]


async def of(person_ids: Sequence[UUID]) -> list[list[Session]]:
    """Where people are signed in, latest first."""
    found = await OF.rows(people=person_ids, **_today())
    return [[session for (session,) in found if session.person_id == id] for id in person_ids]


async def sweep() -> None:
    """Due work: drop what nobody can use any more."""
    await Session.filter(last_used_on__lte=clock.business_date() - IDLE).delete()


async def _known(hashes: Sequence[str]) -> list[tuple[Session, Person] | None]:
    rows = await WHO.rows(tokens=hashes, **_today())
    known = {session.token_hash: (session, person) for session, person in rows}
    return [known.get(hash) for hash in hashes]


async def _used(session_ids: Sequence[UUID]) -> list[None]:
    await VISIT.rows(ids=session_ids, today=clock.business_date())
    return [None] * len(session_ids)


#: Whose tokens they are that come at the same time, and who comes for the first time of a day.
KNOWN, USED = Together(_known), Together(_used)


def _today() -> dict[str, date]:
    today = clock.business_date()
    return {"today": today, "idle_since": today - IDLE}


@transaction
async def _end(person_id: UUID) -> None:
    await _ended(END_ALL, person_id, by=None, keep=NONE)


async def _ended(
    which: Statement, person_id: UUID, *, by: Person | None, **given: UUID
) -> SignedOut:
    ended = await which.rows(person=person_id, now=clock.now(), **given)
    for (id,) in ended:
        await events.record("session.revoked", actor=by.id if by else None, session=id)
    return SignedOut(len(ended))


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()
