"""Hooks: what an applicant tracking system tells us of candidates, in any order, perhaps twice.

Each of its events counts once, by the system's own id. The moments that it names decide what is
newer, not the order in which they come; what somebody here decided later stays.
"""

import hmac
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from tortoise import fields
from tortoise.models import Model

from core import clock, settings
from core.database import inserts
from core.errors import Invalid, NotFound, Unauthenticated
from core.text import Text
from core.transactions import transaction
from referrals import stages
from referrals.candidates import CandidateNotFound, Stage
from referrals.steps import Source

LONGEST = 200  # characters of a value
TAG = "candidate_"  # before the ids of candidates, as HR sees them


class HookEvent(Model):
    id = fields.CharField(max_length=LONGEST, primary_key=True, description="the system's own")
    received_at: datetime = fields.DatetimeField(db_index=True)

    class Meta:
        table = "hook_event"


class Outcome(StrEnum):
    MOVED = "MOVED"
    KNOWN = "KNOWN"  # it was told before
    OUTDATED = "OUTDATED"  # something newer is known
    IGNORED = "IGNORED"  # its stage means nothing here


class News(NamedTuple):
    event: str
    candidate_id: UUID
    stage: str
    at: datetime


class NoHooks(NotFound):
    text = Text("Nothing is taken here.", "此处不接收任何内容。", "這裡不接收任何內容。")


class BadSignature(Unauthenticated):
    text = Text("The signature is not right.", "签名不正确。", "簽章不正確。")


class BadHook(Invalid):
    text = Text(
        "The field “{field}” is missing or cannot be read.",
        "字段“{field}”缺失或无法识别。",
        "欄位「{field}」遺漏或無法辨識。",
    )


async def take(body: bytes, signature: str) -> Outcome:
    """Raises NoHooks, BadSignature, BadHook, CandidateNotFound."""
    verify(body, signature)
    news = _read(body)
    stage = settings.current().hook_stages.get(news.stage, news.stage)
    if stage not in {*Stage}:
        return Outcome.IGNORED
    return await _take(news, Stage(stage))


def verify(body: bytes, signature: str) -> None:
    """Raises NoHooks, BadSignature."""
    secret = settings.current().hook_secret.get_secret_value()
    if not secret:
        raise NoHooks
    expected = hmac.new(secret.encode(), body, "sha256").hexdigest()
    given = signature.strip().removeprefix("sha256=").lower()
    if not hmac.compare_digest(expected.encode(), given.encode(errors="replace")):
        raise BadSignature


@transaction
async def _take(news: News, stage: Stage) -> Outcome:
    if not await inserts.added(HookEvent(id=news.event, received_at=clock.now())):
        return Outcome.KNOWN
    is_news = await stages.follow(news.candidate_id, stage, Source.SYSTEM, at=news.at)
    return Outcome.MOVED if is_news else Outcome.OUTDATED


def _read(body: bytes) -> News:
    try:
        sent = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise BadHook(field="JSON") from None
    return News(_text(sent, "event"), _candidate(sent), _text(sent, "stage"), _moment(sent))


def _text(sent: Any, field: str) -> str:
    path = settings.current().hook_fields.get(field, field)
    for name in path.split("."):
        sent = sent.get(name) if isinstance(sent, dict) else None
    text = str(sent) if isinstance(sent, str | int) else ""
    if not 0 < len(text) <= LONGEST or not text.isprintable():
        raise BadHook(field=path)
    return text


def _candidate(sent: Any) -> UUID:
    try:
        return UUID(hex=_text(sent, "candidate").removeprefix(TAG))
    except ValueError:
        raise CandidateNotFound from None


def _moment(sent: Any) -> datetime:
    try:
        at = datetime.fromisoformat(_text(sent, "at"))
    except ValueError:
        raise BadHook(field="at") from None
    if at.tzinfo is None:
        raise BadHook(field="at")
    return at
