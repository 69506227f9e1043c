"""Requests to break the glass: who asked to learn an author's name, why, and what came of it."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from community import authors
from community.authors import Thread
from community.counsellors import counsels
from community.seals import SEALED_FOR
from core import clock, pages
from core.crypto import sealing
from core.crypto.resealing import Sealed
from core.database.sql import Statement
from core.errors import NotFound
from core.pages import Connection, Listing, Page
from core.people import Person
from core.text import Text

REQUESTS = Listing("break-glass requests", "asked_at")


class Decision(StrEnum):
    AGREED = "AGREED"
    DECLINED = "DECLINED"


class BreakGlassRequest(Model):
    id = fields.UUIDField(primary_key=True)
    subject_id: UUID = fields.UUIDField(description="a post or a comment")
    thread_id: UUID = fields.UUIDField()
    key_version = fields.SmallIntField(description="of the thread's handles")
    handle = fields.CharField(max_length=64)
    alias = fields.CharField(max_length=40)
    asked_by_id: UUID = fields.UUIDField()
    asked_at: datetime = fields.DatetimeField()
    reason: bytes = fields.BinaryField(description="sealed")
    is_red = fields.BooleanField(description="asked in a red risk case")
    tells_author = fields.BooleanField(description="unless that is unsafe")
    expires_at: datetime = fields.DatetimeField()
    decision = fields.CharEnumField(Decision, max_length=20, null=True)
    decided_by_id: UUID | None = fields.UUIDField(null=True)
    decided_at: datetime | None = fields.DatetimeField(null=True)
    note: bytes | None = fields.BinaryField(null=True, description="sealed; of who decided")
    opened_at: datetime | None = fields.DatetimeField(null=True, description="for the first time")

    author_id: UUID | None = None  # nobody's name stands here

    class Meta:
        table = "break_glass_request"
        indexes = (("asked_at", "id"),)

    @property
    def thread(self) -> Thread:
        return Thread(self.thread_id, self.key_version)


SEALED = [
    Sealed(BreakGlassRequest, column, "care", lambda request: request.id.bytes)
    for column in ("reason", "note")
]


ALL = "SELECT break_glass_request.* FROM break_glass_request WHERE"
RECENT = Statement(f"{ALL} asked_at > :since", BreakGlassRequest)
OTHERS = pages.Listed(f"{ALL} NOT id = ANY(:own)", BreakGlassRequest, REQUESTS)


class BreakGlassRequestNotFound(NotFound):
    text = Text("This request is not here.", "找不到这个申请。", "找不到這個申請。")


async def visible(id: UUID, *, to: Person) -> BreakGlassRequest:
    """The one way to reach a request: for counsellors, unless it is about their own words."""
    request = await BreakGlassRequest.get_or_none(id=id)
    if request is None or not counsels(to) or authors.wrote(to, request):
        raise BreakGlassRequestNotFound
    return request


async def listed(*, to: Person, page: Page) -> Connection[BreakGlassRequest]:
    """For counsellors: every request, the latest first, but those about their own words."""
    recent = await RECENT.rows(since=clock.now() - SEALED_FOR)
    own = [request.id for (request,) in recent if authors.wrote(to, request)]
    return await OTHERS.read(page, own=own)


async def reasons(requests: Sequence[BreakGlassRequest]) -> list[str]:
    return [_unsealed(request.reason, request.id) for request in requests]


async def notes(requests: Sequence[BreakGlassRequest]) -> list[str | None]:
    return [_unsealed(one.note, one.id) if one.note else None for one in requests]


def sealed(words: str, id: UUID) -> bytes:
    """They may name whom they suspect."""
    return sealing.closed("care", words.encode(), bound_to=id.bytes)


def _unsealed(words: bytes, id: UUID) -> str:
    return sealing.opened("care", words, bound_to=id.bytes).decode()
