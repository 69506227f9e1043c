"""The rota: which counsellor is on call when, week by week, in the organisation's time zone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from tortoise import fields
from tortoise.migrations.constraints import CheckConstraint
from tortoise.models import Model

from community import counsellors
from community.week import Hours, Span, gaps, minute_of, moment_after
from core import audit, clock, people
from core.database.sql import Statement
from core.errors import Invalid
from core.people import Person
from core.text import Text
from core.transactions import transaction

MOST = 21  # turns of one counsellor in a week


class Turn(Model):
    id = fields.UUIDField(primary_key=True)
    counsellor_id: UUID = fields.UUIDField()
    begin = fields.SmallIntField(description="minutes since the week began, on Monday")
    length = fields.SmallIntField(description="minutes, at most a day")

    class Meta:
        table = "on_call_turn"
        unique_together = ("counsellor_id", "begin")
        constraints = (
            CheckConstraint("begin >= 0 AND begin < 10080", "turn_begins_in_the_week"),
            CheckConstraint("length > 0 AND length <= 1440", "turn_lasts_a_day_at_most"),
        )


class OnCall(NamedTuple):
    """Whose turn it is in these minutes."""

    counsellor: Person
    hours: Span


@dataclass(frozen=True, slots=True)
class Rota:
    turns: Sequence[OnCall]
    at: datetime

    @property
    def on_call(self) -> list[Person]:
        """Who is on call now."""
        minute = minute_of(self.at)
        return _once(turn.counsellor for turn in self.turns if turn.hours.holds(minute))

    @property
    def order(self) -> list[Person]:
        """Who is on call now, then the others in the order in which their turns come."""
        coming = sorted(self.turns, key=lambda turn: self._until(turn.hours))
        return _once([*self.on_call, *(turn.counsellor for turn in coming)])

    @property
    def covered_from(self) -> datetime | None:
        """When somebody is on call again: now, or later; never if the rota is empty."""
        if self.on_call or not self.turns:
            return self.at if self.turns else None
        return moment_after(self.at, min(self._until(turn.hours) for turn in self.turns))

    @property
    def gaps(self) -> list[Span]:
        """The minutes of a week that nobody covers."""
        return gaps([turn.hours for turn in self.turns])

    def _until(self, span: Span) -> int:
        return span.until(minute_of(self.at))


class TooManyTurns(Invalid):
    text = Text(
        f"At most {MOST} turns a week.",
        f"每周最多 {MOST} 个值班时段。",
        f"每週最多 {MOST} 個值班時段。",
    )


#: Turns of those who work here and are not away.
STANDING = Statement(
    f"""
    SELECT person.*, turn.begin, turn.length
    FROM on_call_turn AS turn JOIN person ON person.id = turn.counsellor_id
    WHERE {people.EMPLOYED} AND NOT EXISTS (
        SELECT 1 FROM pause WHERE pause.person_id = person.id
        AND pause.begins_on <= :today AND pause.ends_on > :today
    )
    ORDER BY turn.begin, person.number
    """,
    Person,
)


@transaction
async def put(counsellor_id: UUID, hours: Sequence[Hours], *, by: Person) -> Rota:
    """When a counsellor is on call each week, in place of what was said before."""
    if len(hours) > MOST:
        raise TooManyTurns
    counsellor = await counsellors.found(counsellor_id)
    await Person.filter(id=counsellor.id).select_for_update(no_key=True).only("id")
    await Turn.filter(counsellor_id=counsellor.id).delete()
    spans = {span.begin: span for span in (one.span for one in hours)}
    await Turn.bulk_create(
        Turn(counsellor_id=counsellor.id, begin=span.begin, length=span.length)
        for span in spans.values()
    )
    await audit.record("rota.put", by=by.id, about=counsellor.id, turns=len(spans))
    return await current()


async def current() -> Rota:
    """Who is on call when, as it stands now."""
    rows = await STANDING.rows(today=clock.business_date())
    turns = [OnCall(person, Span(begin, length)) for person, begin, length in rows]
    return Rota([turn for turn in turns if counsellors.counsels(turn.counsellor)], clock.now())


def _once(people: Iterable[Person]) -> list[Person]:
    return list({person.id: person for person in people}.values())
