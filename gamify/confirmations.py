"""Confirmations: which gestures count toward a rule that pays for several together."""

from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from core.database import inserts
from core.database.sql import Statement
from core.transactions import transaction
from gamify.books import Support
from gamify.event_kinds import Gesture
from gamify.rules import Rule
from gamify.terms import Threshold


class Confirmation(Model):
    """What was taken back keeps its row, so that a gesture that is told late finds it."""

    id = fields.UUIDField(primary_key=True)
    rule = fields.CharField(max_length=40, description="its name")
    gesture = fields.CharField(max_length=90)
    scope = fields.CharField(max_length=40, description="for whom, or what, they are added up")
    giver_id: UUID = fields.UUIDField()
    is_taken_back = fields.BooleanField(default=False)

    class Meta:
        table = "confirmation"
        unique_together = ("rule", "gesture")
        indexes = (("rule", "scope"), ("giver_id",))


STANDING = Statement(
    """
    SELECT giver_id FROM confirmation
    WHERE rule = :rule AND scope = :scope AND NOT is_taken_back
    """
)


async def add(rule: Rule, gesture: Gesture, threshold: Threshold) -> Support:
    """Count a gesture, once; what there is then."""
    await inserts.added(_row(rule, gesture, threshold))
    return await _support(rule, threshold.scope(gesture))


@transaction
async def take_back(rule: Rule, gesture: Gesture, threshold: Threshold) -> Support:
    row = _row(rule, gesture, threshold)
    row.is_taken_back = True
    if not await inserts.added(row):
        same = Confirmation.filter(rule=rule.name, gesture=gesture.id)
        await same.update(is_taken_back=True)
    return await _support(rule, row.scope)


def _row(rule: Rule, gesture: Gesture, threshold: Threshold) -> Confirmation:
    return Confirmation(
        rule=rule.name,
        gesture=gesture.id,
        scope=threshold.scope(gesture),
        giver_id=gesture.giver,
    )


async def _support(rule: Rule, scope: str) -> Support:
    givers = await STANDING.rows(rule=rule.name, scope=scope)
    return Support(len(givers), len({*givers}))
