"""Shift imports: what a roster says is brought into shifts, batch by batch.

Days and people of which a file says nothing are left alone.
"""

from collections import defaultdict
from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID, uuid4

from core.errors import Invalid
from core.people import Person
from core.rosters import shift_clashes
from core.rosters.shift_changes import Change, Changes
from core.rosters.shift_clashes import Days
from core.rosters.shift_columns import Field
from core.rosters.shift_files import Entry, ShiftFile
from core.rosters.shifts import Shift
from core.sheets.rejects import Fault, Reject
from core.text import Text
from core.transactions import transaction

BATCH = 500  # rows of a transaction: whoever waits for it waits less than a second
NEARBY = timedelta(days=3)  # within which shifts may touch

Roster = dict[str, Days]
Outcomes = list[Change | Reject]


class UnknownPerson(Invalid):
    text = Text(
        "Nobody has the number {number}.",
        "没有工号为 {number} 的人。",
        "沒有工號為 {number} 的人。",
    )


class Plan(NamedTuple):
    outcomes: Outcomes
    gone: list[UUID]
    new: list[Shift]


class Import:
    """One run over one file; a dry run finds the same changes and makes none."""

    def __init__(self, file: ShiftFile, *, dry_run: bool = False) -> None:
        self._file = file
        self._dry_run = dry_run
        self._hours = file.header(Field.BEGINS, Field.CODE)

    async def changes(self) -> AsyncIterator[Change | Reject]:
        """One for each row, told as soon as its effect is committed."""
        roster: Roster = {}
        for entry in self._file.entries():
            if entry.number and entry.day:
                days = roster.setdefault(entry.number, {})
                days.setdefault(entry.day, []).append(entry)
            else:
                yield Reject(entry.row, entry.cells, entry.faults)
        for days in roster.values():
            shift_clashes.find(days, self._hours)
        for batch in _batches(roster):
            plan = await (self._planned(batch) if self._dry_run else self._applied(batch))
            for outcome in plan.outcomes:
                yield outcome

    @transaction
    async def _applied(self, batch: Roster) -> Plan:
        people = Person.filter(number__in=[*batch]).order_by("number").only("id")
        await people.select_for_update(no_key=True)  # one import after the other
        plan = await self._planned(batch)
        if plan.gone:
            await Shift.filter(id__in=plan.gone).delete()
        if plan.new:
            await Shift.bulk_create(plan.new)
        return plan

    async def _planned(self, batch: Roster) -> Plan:
        ids = dict(await Person.filter(number__in=[*batch]).values_list("number", "id"))
        known = await self._known([*ids.values()], batch)
        plan = Plan([], [], [])
        for number, days in batch.items():
            if (id := ids.get(number)) is None:
                plan.outcomes.extend(self._unknown(number, days))
                continue
            changes = Changes(days, known[id], self._file.zone)
            plan.outcomes.extend(changes.outcomes(self._hours))
            plan.gone.extend(shift.id for shift in changes.gone)
            plan.new.extend(
                Shift(id=uuid4(), person_id=id, begins_at=span.begins_at, ends_at=span.ends_at)
                for span in changes.new
            )
        return plan

    async def _known(self, ids: list[UUID], batch: Roster) -> Mapping[UUID, list[Shift]]:
        days = [day for days in batch.values() for day in days]
        rows = Shift.filter(
            person_id__in=ids,
            begins_at__gt=self._midnight(min(days)) - NEARBY,
            begins_at__lt=self._midnight(max(days)) + NEARBY,
        )
        known: defaultdict[UUID, list[Shift]] = defaultdict(list)
        for shift in await rows.order_by("begins_at"):
            known[shift.person_id].append(shift)
        return known

    def _unknown(self, number: str, days: Days) -> Iterator[Reject]:
        fault = Fault(self._file.header(Field.NUMBER), UnknownPerson(number=number))
        for entry in _entries(days):
            yield Reject(entry.row, entry.cells, [fault, *entry.faults])

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), self._file.zone)


def _batches(roster: Roster) -> Iterator[Roster]:
    """Whoever is in one is in it with all their rows."""
    batch: Roster = {}
    rows = 0
    for number, days in roster.items():
        batch[number] = days
        rows += len(_entries(days))
        if rows >= BATCH:
            yield batch
            batch, rows = {}, 0
    if batch:
        yield batch


def _entries(days: Days) -> list[Entry]:
    return [entry for entries in days.values() for entry in entries]
