"""Tallies: what counts for somebody, each fact once, and taken out with what it follows.

The boards are sums of these, so they can be made anew at any time.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from core import clock
from core.database import inserts
from core.events import Event
from core.transactions import transaction
from gamify.boards import goals, scores
from gamify.boards.boards import Measure
from gamify.reasons import Reason

if TYPE_CHECKING:
    from gamify.ledger import Transfer

UNCOUNTED = "SUPPORT"  # the kind of group in which nothing counts
KEPT = timedelta(days=400)

#: What an event counts for, and whom.
COUNTED = {
    "answer.accepted": [Measure.THANKS, Measure.ANSWERS],
    "answer.adopted": [Measure.THANKS],
}
WITHDRAWN = {"answer.unaccepted": "answer.accepted", "answer.unadopted": "answer.adopted"}


class Tally(Model):
    """What was withdrawn keeps its row: a fact that is told late finds it."""

    source = fields.CharField(max_length=80, primary_key=True)
    measure = fields.CharEnumField(Measure, max_length=20)
    person_id: UUID = fields.UUIDField()
    amount = fields.IntField()
    day: date = fields.DateField(description="business date of what happened", db_index=True)
    is_withdrawn = fields.BooleanField(default=False)

    class Meta:
        table = "tally"
        indexes = (("person_id", "measure", "day"),)


async def count(event: Event) -> None:
    """Subscriber: thanks count for whoever is thanked, where that is public."""
    for tally in _tallies(event, COUNTED[event.name]):
        await add(tally)


async def withdraw(event: Event) -> None:
    """Subscriber: what was taken back counts no more."""
    for tally in _tallies(event, COUNTED[WITHDRAWN[event.name]]):
        await take_out(tally)


async def follow(transfer: "Transfer") -> None:
    """Points that a rule paid, or that were taken back, in the ledger's transaction.

    What HR gives by hand ranks nobody.
    """
    if not transfer.rule_id or not transfer.points or transfer.reason is Reason.BONUS:
        return
    tally = Tally(
        source=f"{Measure.POINTS}:{transfer.reverses_id or transfer.id}",
        measure=Measure.POINTS,
        person_id=transfer.person_id,
        amount=transfer.points,
        day=transfer.business_date,
    )
    await (_take_out(tally) if transfer.reverses_id else _add(tally))


@transaction
async def add(tally: Tally) -> None:
    await _add(tally)


@transaction
async def take_out(tally: Tally) -> None:
    await _take_out(tally)


async def _add(tally: Tally) -> None:
    if await inserts.added(tally):
        await scores.change(tally.measure, tally.person_id, tally.amount, tally.day)
        await goals.follow(tally.person_id, tally.measure)


async def _take_out(tally: Tally) -> None:
    tally.is_withdrawn = True
    if await inserts.added(tally):
        return  # the news of the fact itself has yet to come
    counted = Tally.filter(source=tally.source, is_withdrawn=False)
    if await counted.update(is_withdrawn=True):
        tally = await Tally.get(source=tally.source)
        await scores.change(tally.measure, tally.person_id, -tally.amount, tally.day)


async def forget() -> None:
    """Due work: what every board that it counted for has long been closed over."""
    await Tally.filter(day__lt=clock.business_date() - KEPT).delete()


def _tallies(event: Event, measures: Iterable[Measure]) -> list[Tally]:
    told = event.payload
    if not told.get("answerer") or told["group_kind"] == UNCOUNTED:
        return []
    return [
        Tally(
            source=f"{measure}:{told['thanks']}",
            measure=measure,
            person_id=UUID(told["answerer"]),
            amount=1,
            day=clock.business_date(event.due_at),
        )
        for measure in measures
    ]
