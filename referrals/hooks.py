"""Hooks: what an applicant tracking system tells us of candidates, in any order, perhaps twice.

Each of its events counts once, by the system's own id. The moments that it names decide what is
newer, not the order in which they come; what somebody here decided later stays.
"""

import hmac
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import orjson

from core import settings
from core.errors import Invalid, NotFound, Unauthenticated
from core.text import Text
from core.transactions import transaction
from referrals import hook_events
from referrals.candidates import CandidateNotFound, Stage
from referrals.hook_events import LONGEST, Told

TAG = "candidate_"  # before the ids of candidates, as HR sees them


class Outcome(StrEnum):
    MOVED = "MOVED"
    KNOWN = "KNOWN"  # it was told before
    OUTDATED = "OUTDATED"  # something newer is known
    WAITING = "WAITING"  # its candidate is not known as yet
    IGNORED = "IGNORED"  # its stage means nothing here


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
    try:
        sent = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise BadHook(field="JSON") from None
    event, said, at = _text(sent, "event"), _text(sent, "stage"), _moment(sent)
    candidate_id, reference = _candidate(sent), _said(sent, "reference")
    if not (candidate_id or reference):
        raise BadHook(field=_path("candidate"))
    if candidate_id and reference:
        await hook_events.remember(candidate_id, reference)
    stage = settings.current().hook_stages.get(said, said)
    if stage not in {*Stage}:
        return Outcome.IGNORED
    return await _take(Told(event, candidate_id, reference, Stage(stage), at))


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
async def _take(told: Told) -> Outcome:
    if not await hook_events.add(told):
        return Outcome.KNOWN
    candidate_id = told.candidate_id or await hook_events.candidate_id(told.reference)
    if candidate_id is None:
        return Outcome.WAITING
    is_news = await hook_events.settle(candidate_id, told)
    return Outcome.MOVED if is_news else Outcome.OUTDATED


def _path(field: str) -> str:
    return settings.current().hook_fields.get(field, field)


def _said(sent: Any, field: str) -> str | None:
    """None where nothing stands. Raises BadHook."""
    for name in _path(field).split("."):
        sent = sent.get(name) if isinstance(sent, dict) else None
    if sent is None:
        return None
    text = str(sent) if isinstance(sent, str | int) else ""
    if not 0 < len(text) <= LONGEST or not text.isprintable():
        raise BadHook(field=_path(field))
    return text


def _text(sent: Any, field: str) -> str:
    text = _said(sent, field)
    if text is None:
        raise BadHook(field=_path(field))
    return text


def _candidate(sent: Any) -> UUID | None:
    said = _said(sent, "candidate")
    try:
        return UUID(hex=said.removeprefix(TAG)) if said else None
    except ValueError:
        raise CandidateNotFound from None


def _moment(sent: Any) -> datetime:
    try:
        at = datetime.fromisoformat(_text(sent, "at"))
    except ValueError:
        raise BadHook(field=_path("at")) from None
    if at.tzinfo is None:
        raise BadHook(field=_path("at"))
    return at
