"""Activity: what happened in a group, numbered without a gap, for those who follow it live."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from community import mutes
from community.groups import Group
from core import bus, clock, cursors, people, transactions
from core.database import inserts
from core.database.sql import Statement
from core.errors import Conflict
from core.events import Event
from core.listeners import Listener
from core.people import Person
from core.text import Text
from core.transactions import transaction

KEPT = timedelta(days=7)
AT_ONCE = 100  # rows read in one go


class ActivityKind(StrEnum):
    """Named as the events are."""

    POST_CREATED = "POST_CREATED"
    POST_EDITED = "POST_EDITED"
    POST_DELETED = "POST_DELETED"
    POST_HIDDEN = "POST_HIDDEN"
    POST_RESTORED = "POST_RESTORED"
    COMMENT_CREATED = "COMMENT_CREATED"
    COMMENT_EDITED = "COMMENT_EDITED"
    COMMENT_DELETED = "COMMENT_DELETED"
    COMMENT_HIDDEN = "COMMENT_HIDDEN"
    COMMENT_RESTORED = "COMMENT_RESTORED"
    REACTION_ADDED = "REACTION_ADDED"
    REACTION_REMOVED = "REACTION_REMOVED"
    ANSWER_ACCEPTED = "ANSWER_ACCEPTED"
    ANSWER_UNACCEPTED = "ANSWER_UNACCEPTED"
    ANSWER_ADOPTED = "ANSWER_ADOPTED"
    ANSWER_UNADOPTED = "ANSWER_UNADOPTED"


class Activity(Model):
    event_id: UUID = fields.UUIDField(primary_key=True, description="so that each is told once")
    group: fields.ForeignKeyRelation[Group] = fields.ForeignKeyField("models.Group")
    group_id: UUID
    seq = fields.BigIntField(description="1, 2, 3 … in the group, in the order of the commits")
    what = fields.CharEnumField(ActivityKind, max_length=20)
    post_id: UUID = fields.UUIDField()
    comment_id: UUID | None = fields.UUIDField(null=True)
    written_at: datetime = fields.DatetimeField(db_index=True)

    class Meta:
        table = "activity"
        unique_together = ("group", "seq")

    @property
    def cursor(self) -> str:
        return cursors.closed(self.seq.to_bytes(8, "big"), listing=_listing(self.group_id))


NEXT = Statement(
    "UPDATE community_group SET activity_seq = activity_seq + 1 WHERE id = :group"
    " RETURNING activity_seq"
)


class CursorTooOld(Conflict):
    text = Text(
        "Too much has happened since. Load the group again and go on without this cursor.",
        "错过的动态太多，请重新加载群组后继续。",
        "錯過的動態太多，請重新載入群組後繼續。",
    )


class WrittenBefore(Exception):
    """The event was delivered again: its number is taken back."""


async def write(event: Event) -> None:
    """Subscriber: what is told of a group is seen by those who follow it."""
    with suppress(WrittenBefore):
        await _write(event)


@transaction
async def _write(event: Event) -> None:
    group_id = UUID(event.payload["group"])
    seq = await _next(group_id)
    if not await inserts.added(_activity(event, group_id, seq)):
        raise WrittenBefore
    transactions.after_commit(partial(bus.current().tell, group_id, seq))


async def follow(
    group: Group, after: str | None, *, by: Person, listener: Listener
) -> AsyncGenerator[Activity]:
    """What happens behind a cursor, or from now on, until the listener is ended.

    Raises BadCursor, CursorTooOld.
    """
    seq = group.activity_seq if after is None else _place(after, group)
    listener.hear(group.activity_seq)
    while True:
        await listener.beyond(seq)
        [by] = await people.named([by.id])
        rows = await _behind(seq, group.id)
        muted = await mutes.of_viewer([row.post_id for row in rows], viewer=by)
        for activity, is_muted in zip(rows, muted, strict=True):
            listener.check()
            if not is_muted:
                yield activity
            seq = activity.seq


async def newest(group_ids: Sequence[UUID]) -> list[int]:
    """The number that each group has got to."""
    found = dict(await Group.filter(id__in=group_ids).values_list("id", "activity_seq"))
    return [found.get(id, 0) for id in group_ids]


async def forget() -> None:
    """Due work: who was away for 7 days loads everything again."""
    await Activity.filter(written_at__lt=clock.now() - KEPT).delete()


async def _next(group_id: UUID) -> int:
    """Whoever comes later waits for our commit, so numbers are in the order of the commits."""
    seq: int
    [(seq,)] = await NEXT.rows(group=group_id)
    return seq


def _activity(event: Event, group_id: UUID, seq: int) -> Activity:
    told = event.payload
    comment = told.get("comment") or told.get("subject")
    return Activity(
        event_id=event.id,
        group_id=group_id,
        seq=seq,
        what=ActivityKind(event.name.upper().replace(".", "_")),
        post_id=UUID(told["post"]),
        comment_id=UUID(comment) if comment and comment != told["post"] else None,
        written_at=clock.now(),
    )


async def _behind(seq: int, group_id: UUID) -> list[Activity]:
    """The next rows where there are some; CursorTooOld if they are not all there any more."""
    rows = await Activity.filter(group_id=group_id, seq__gt=seq).order_by("seq").limit(AT_ONCE)
    if not rows or [row.seq for row in rows] != [*range(seq + 1, seq + 1 + len(rows))]:
        raise CursorTooOld
    return rows


def _place(cursor: str, group: Group) -> int:
    """A number from the future is of a database that was since restored."""
    seq = int.from_bytes(cursors.opened(cursor, listing=_listing(group.id)), "big")
    if seq > group.activity_seq:
        raise CursorTooOld
    return seq


def _listing(group_id: UUID) -> str:
    return f"activity of {group_id.hex}"
