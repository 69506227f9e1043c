"""Risk steps: what was done about a case, by whom and when; each stands in the audit trail, too."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from community.risk_cases import RiskCase
from community.risk_words import Level
from core import audit, clock, pages
from core.pages import Connection, Listing, Page

STEPS = Listing("risk_steps", "at", newest_first=False)


class StepKind(StrEnum):
    OPENED = "OPENED"
    HEARD_AGAIN = "HEARD_AGAIN"
    WORRIED = "WORRIED"
    ESCALATED = "ESCALATED"
    ACKNOWLEDGED = "ACKNOWLEDGED"
    NOTED = "NOTED"
    HANDED_OVER = "HANDED_OVER"
    RAISED = "RAISED"
    LOWERED = "LOWERED"
    RELEASED = "RELEASED"
    CLOSED = "CLOSED"


class RiskStep(Model):
    id = fields.UUIDField(primary_key=True)
    case: fields.ForeignKeyRelation[RiskCase] = fields.ForeignKeyField("models.RiskCase")
    case_id: UUID
    kind = fields.CharEnumField(StepKind, max_length=20)
    by_id: UUID | None = fields.UUIDField(null=True, description="null: the system, or unnamed")
    words = fields.TextField(default="")
    level = fields.CharEnumField(Level, max_length=10, description="of the case from then on")
    at: datetime = fields.DatetimeField(db_index=True)

    class Meta:
        table = "risk_step"
        indexes = (("case_id", "at", "id"),)


async def record(kind: StepKind, case: RiskCase, **given: Any) -> RiskStep:
    """Write down a step with its `by_id`, `words` and the like; best last in a transaction."""
    known = {column: value for column, value in given.items() if value is not None}
    step = RiskStep(case_id=case.id, kind=kind, level=case.level, **{"at": clock.now()} | known)
    await step.save(force_create=True)
    await audit.record(
        f"risk_case.{kind.lower()}",
        by=step.by_id,
        about=case.author_id,
        case=case.id,
        handle=case.handle,
        level=case.level,
    )
    return step


async def of(case_ids: Sequence[UUID], *, page: Page) -> list[Connection[RiskStep]]:
    """What was done about each case, in order."""
    return await STEPS_OF.read(case_ids, page)


STEPS_OF = pages.Each(RiskStep, "case_id = parent.id", STEPS)
