"""Addresses: where notices reach a person outside the app: a device, or a name in a messenger."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from hashlib import sha256
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.expressions import Q
from tortoise.migrations.constraints import UniqueConstraint
from tortoise.models import Model

from core import people, settings
from core.database import inserts
from core.errors import Conflict
from core.events import Event
from core.identity.sessions import Session
from core.messaging import web_push
from core.messaging.channels import Target
from core.messaging.gateways import offered
from core.messaging.notice_settings import NoticeChannel
from core.messaging.web_push import Subscription
from core.people import Person
from core.text import Language, Text
from core.transactions import transaction

MESSENGERS = frozenset(NoticeChannel) - {NoticeChannel.IN_APP, NoticeChannel.WEB_PUSH}


class Address(Model):
    """One message at a time is on its way to it."""

    id = fields.UUIDField(primary_key=True)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", on_delete=fields.CASCADE
    )
    person_id: UUID
    channel = fields.CharEnumField(NoticeChannel, max_length=20)
    session: fields.OneToOneNullableRelation[Session] = fields.OneToOneField(
        "models.Session", null=True, on_delete=fields.CASCADE, description="of a device"
    )
    session_id: UUID | None
    target: Target = fields.JSONField()
    endpoint_hash = fields.CharField(max_length=64, null=True, unique=True)
    language: Language = fields.CharField(max_length=5)  # type: ignore[assignment]  # only these
    attempts = fields.SmallIntField(default=0)
    leased_until: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "address"
        indexes = (("person_id",),)
        constraints = (
            UniqueConstraint(
                fields=("person_id", "channel"),
                name="one_name_in_a_messenger",
                condition="session_id IS NULL",
            ),
        )


class PushNotOffered(Conflict):
    text = Text(
        "Push messages are not set up here.",
        "这里没有开通推送。",
        "這裡沒有開通推播。",
    )


@transaction
async def register(session: Session, subscription: Subscription, *, language: Language) -> Session:
    """Let a device be rung; whoever else was rung there is no more.

    Raises BadSubscription, PushNotOffered.
    """
    if NoticeChannel.WEB_PUSH not in offered():
        raise PushNotOffered
    target = subscription.check()._asdict() | {"version": str(web_push.version())}
    hashed = sha256(subscription.endpoint.encode()).hexdigest()
    address = Address(
        person_id=session.person_id,
        channel=NoticeChannel.WEB_PUSH,
        session_id=session.id,
        target=target,
        endpoint_hash=hashed,
        language=language,
    )
    while not await inserts.added(address):  # nor then, if somebody else came in between
        await Address.filter(Q(endpoint_hash=hashed) | Q(session_id=session.id)).delete()
    return session


async def remove(session: Session) -> Session:
    """Let the device be quiet; one that is quiet stays so."""
    await Address.filter(session_id=session.id).delete()
    return session


async def are_rung(session_ids: Sequence[UUID]) -> list[bool]:
    found = Address.filter(session_id__in=session_ids)
    rung = set(await found.values_list("session_id", flat=True))
    return [id in rung for id in session_ids]


@transaction
async def name(person: Person, channel: NoticeChannel, user: str) -> None:
    """Say what a messenger calls a person, where that is not their number."""
    address = _in_messenger(person, channel, user)
    if not await inserts.added(address):
        mine = Address.filter(person_id=person.id, channel=channel, session_id__isnull=True)
        await mine.update(target=address.target, attempts=0)


async def of(person_id: UUID, channels: AbstractSet[NoticeChannel]) -> list[Address]:
    """Where a person is reached on these; in a messenger by their number unless it was said."""
    wanted = channels & offered().keys()
    if not wanted:
        return []
    found = await Address.filter(person_id=person_id, channel__in=wanted)
    unnamed = (wanted & MESSENGERS) - {address.channel for address in found}
    if not unnamed:
        return found
    person = await Person.get(id=person_id)
    added = [_in_messenger(person, channel, person.number) for channel in sorted(unnamed)]
    return found + [address for address in added if await inserts.added(address)]


async def end(event: Event) -> None:
    """Subscriber: who has left is not rung."""
    person_id = UUID(event.payload["person"])
    if await people.has_left(person_id):
        await Address.filter(person_id=person_id).delete()


async def silence(event: Event) -> None:
    """Subscriber: a device that was signed out is not rung."""
    await Address.filter(session_id=UUID(event.payload["session"])).delete()


def _in_messenger(person: Person, channel: NoticeChannel, user: str) -> Address:
    language = settings.current().language
    target = {"user": user}
    return Address(
        id=uuid4(), person_id=person.id, channel=channel, target=target, language=language
    )
