"""Alarms: words that signal danger open a risk case, and in a support group red ones wait."""

import hmac
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

from community import authors, hiding_reasons, risk_cases, risk_rules, risk_steps, rotas
from community.groups import Group
from community.hiding_reasons import HidingReason
from community.risk_cases import Cause, Danger, RiskCase
from community.risk_steps import RiskStep, StepKind
from community.risk_words import Level
from core.crypto import keys
from core.database import inserts
from core.errors import Forbidden, Refused
from core.people import Person
from core.text import Text
from core.transactions import transaction


class NotSaid(Forbidden):
    """A refusal of words that signal danger: they are not shown, but they were heard."""

    text = Text(
        "This could not be sent, but you were heard.",
        "内容没有发出去，但我们听到了。",
        "內容沒有送出，但我們聽到了。",
    )


async def heed(row: Any, group: Group) -> bool:
    """Belongs into the transaction that writes these words; whether it hid them just now."""
    level = (await risk_rules.words()).level(row.text)
    if level is None:
        return False
    is_holding = level is Level.RED and group.sheltered
    hid = is_holding and await hiding_reasons.put(row, HidingReason.HELD)
    await sound(risk_cases.danger(row, group, level, Cause.RULE, is_holding=is_holding))
    return hid


@asynccontextmanager
async def unsaid(text: str, *, by: Person, anonymous: bool) -> AsyncIterator[None]:
    """Around words that may be refused: what signals danger is heard all the same."""
    try:
        yield
    except Refused as refused:
        if level := (await risk_rules.words()).level(text):
            await _hear(text, level, by, anonymous=anonymous)
            raise NotSaid(refused=refused) from refused
        raise


@transaction
async def sound(danger: Danger) -> RiskCase:
    """Open a case, or join the one that is open for the same subject."""
    while True:
        case = await _new(danger)
        if await inserts.added(case):
            await risk_steps.record(StepKind.OPENED, case, at=danger.at, id=danger.source)
            await risk_cases.tell("risk_case.opened", case, is_urgent=_is_urgent(case))
            return case
        standing = RiskCase.filter(open_for=danger.subject_id).select_for_update(no_key=True)
        if joined := await standing.first():  # or it is closed by now
            return await _join(joined, danger)


async def _new(danger: Danger) -> RiskCase:
    deadline = danger.at + risk_cases.period(danger.level)
    case = RiskCase(
        open_for=danger.subject_id,
        subject_id=danger.subject_id,
        post_id=danger.post_id,
        comment_id=danger.comment_id,
        author_id=danger.author_id,
        handle=danger.handle,
        alias=danger.alias,
        thread_id=danger.thread.id if danger.thread else None,
        key_version=danger.thread.key_version if danger.thread else None,
        words=danger.words,
        cause=danger.cause,
        level=danger.level,
        is_holding=danger.is_holding,
        opened_at=danger.at,
        acknowledge_by=deadline,
        escalates_at=deadline,
    )
    on_call = await risk_cases.impartial(case, (await rotas.current()).on_call)
    case.called_id = on_call[0].id if on_call else None
    return case


async def _join(case: RiskCase, danger: Danger) -> RiskCase:
    """The highest level counts, and a deadline never moves away."""
    if danger.source and await RiskStep.exists(id=danger.source):
        return case
    raised = danger.level.rank > case.level.rank
    case.words = danger.words or case.words
    case.is_holding = case.is_holding or danger.is_holding
    if raised:
        case.level = danger.level
        case.acknowledge_by = min(case.acknowledge_by, danger.at + risk_cases.period(danger.level))
        case.escalates_at = case.escalates_at and min(case.escalates_at, case.acknowledge_by)
    await case.save(
        update_fields=["words", "is_holding", "level", "acknowledge_by", "escalates_at"]
    )
    await risk_steps.record(StepKind.HEARD_AGAIN, case, at=danger.at, id=danger.source)
    if raised:
        await risk_cases.tell("risk_case.raised", case, is_urgent=_is_urgent(case))
    return case


def _is_urgent(case: RiskCase) -> bool:
    """Red breaks through anybody's quiet, amber that of who is on call."""
    on_call = case.called_id is not None or case.holder_id is not None
    return case.level is Level.RED or (case.level is Level.AMBER and on_call)


@transaction
async def _hear(text: str, level: Level, by: Person, *, anonymous: bool) -> None:
    """Words that stand nowhere; said again by the same person they are the same."""
    thread = authors.thread(_id_of(text, by), sheltered=anonymous)
    byline = await authors.sign(by, thread, anonymous=anonymous)
    await sound(
        Danger(
            subject_id=thread.id if anonymous else by.id,
            level=level,
            cause=Cause.RULE,
            words=text,
            **byline._asdict(),
            thread=thread,
            is_sheltered=anonymous,
        )
    )


def _id_of(text: str, by: Person) -> UUID:
    content = b"unsaid" + by.id.bytes + text.encode()
    return UUID(bytes=hmac.digest(keys.secret("idempotency"), content, "sha256")[:16])
