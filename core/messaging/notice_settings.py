"""Notice settings: of which kinds one wants to hear, and where."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import cache
from typing import NamedTuple
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from core.database.sql import Statement
from core.database.versions import Memos
from core.errors import Forbidden
from core.messaging.notice_kinds import MANNERS, NoticeKind
from core.people import Person
from core.text import Text
from core.together import together


class NoticeChannel(StrEnum):
    IN_APP = "IN_APP"
    WEB_PUSH = "WEB_PUSH"
    WECOM = "WECOM"
    DINGTALK = "DINGTALK"
    FEISHU = "FEISHU"


class NoticeChoice(Model):
    """Where somebody wants it otherwise than it is for all."""

    id = fields.UUIDField(primary_key=True)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", on_delete=fields.CASCADE
    )
    person_id: UUID
    kind = fields.CharEnumField(NoticeKind, max_length=20)
    channel = fields.CharEnumField(NoticeChannel, max_length=20)
    is_on = fields.BooleanField()

    class Meta:
        table = "notice_choice"
        unique_together = ("person", "kind", "channel")


CHOOSE = Statement("""
    INSERT INTO notice_choice (id, person_id, kind, channel, is_on)
    VALUES (:id, :person, :kind, :channel, :is_on)
    ON CONFLICT (person_id, kind, channel) DO UPDATE SET is_on = excluded.is_on
""")
OF = Statement(
    "SELECT notice_choice.* FROM notice_choice WHERE person_id = ANY(:people)", NoticeChoice
)
OF_KIND = Statement(
    "SELECT notice_choice.* FROM notice_choice WHERE person_id = :person AND kind = :kind",
    NoticeChoice,
)

Where = tuple[NoticeKind, NoticeChannel]


class Setting(NamedTuple):
    kind: NoticeKind
    channel: NoticeChannel
    is_on: bool
    is_fixed: bool
    told: Memos  # there are few, and many read them


class SafetyStaysOn(Forbidden):
    text = Text(
        "Somebody may be in danger: these notices cannot be switched off.",
        "这类通知关系到同事的安全，不能关闭。",
        "這類通知關係到同事的安全，無法關閉。",
    )


async def choose(kind: NoticeKind, channel: NoticeChannel, *, is_on: bool, by: Person) -> Person:
    """Hear of a kind on a channel, or not; without IN_APP on none at all."""
    if MANNERS[kind].is_safety and not is_on:
        raise SafetyStaysOn
    await CHOOSE.rows(id=uuid4(), person=by.id, kind=kind, channel=channel, is_on=is_on)
    return by


async def channels(person_id: UUID, kind: NoticeKind) -> set[NoticeChannel]:
    """Where somebody wants to hear of this kind."""
    rows = await OF_KIND.rows(person=person_id, kind=kind)
    chosen = {choice.channel: choice.is_on for (choice,) in rows}
    wanted = {one for one in NoticeChannel if chosen.get(one, _usual(kind, one))}
    return wanted if NoticeChannel.IN_APP in wanted else set()


@together
async def of(person_ids: Sequence[UUID]) -> list[list[Setting]]:
    chosen: dict[UUID, dict[Where, bool]] = {id: {} for id in person_ids}
    for (row,) in await OF.rows(people=person_ids):
        chosen[row.person_id][row.kind, row.channel] = row.is_on
    return [_settings(chosen[id]) for id in person_ids]


def _settings(chosen: Mapping[Where, bool]) -> list[Setting]:
    changed = {where: _setting(*where, is_on) for where, is_on in chosen.items()}
    return [*(_for_all() | changed).values()]


@cache
def _for_all() -> dict[Where, Setting]:
    every = [(kind, channel) for kind in MANNERS for channel in NoticeChannel]
    return {where: _setting(*where, _usual(*where)) for where in every}


@cache
def _setting(kind: NoticeKind, channel: NoticeChannel, is_on: bool) -> Setting:  # noqa: FBT001  # a value
    return Setting(kind, channel, is_on, MANNERS[kind].is_safety, {})


def _usual(kind: NoticeKind, channel: NoticeChannel) -> bool:
    return channel is NoticeChannel.IN_APP or MANNERS[kind].is_pushed
