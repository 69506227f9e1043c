"""Figure imports: what a file or a system says is brought into figures, batch by batch.

A day that is known and said otherwise is restated: its owner sees what it said before, and teams on
running boards follow. Periods that are closed stay as they are.
"""

from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import islice
from typing import Any
from uuid import UUID, uuid4

from core import clock
from core.database import inserts
from core.errors import Invalid
from core.messaging import notices
from core.messaging.notice_kinds import MANNERS, Manner, NoticeKind
from core.messaging.notices import News
from core.people import Person
from core.sheets.rejects import Fault, Reject
from core.text import Text
from core.transactions import transaction
from gamify.boards import boards, scores
from gamify.boards.boards import OUTSIDE_KINDS
from gamify.measures.figure_files import Entry
from gamify.measures.figures import VALUES, Figure, Restatement

BATCH = 500  # rows of a transaction: whoever waits for it waits less than a second

MANNERS[NoticeKind.FIGURES] = Manner(
    Text(
        "Some of your figures were corrected.",
        "你的部分业务数据已更正。",
        "你的部分業務數據已更正。",
    ),
    is_pushed=False,
)


class NobodyWithNumber(Invalid):
    text = Text(
        "Nobody has the number {number}.",
        "没有工号为 {number} 的人。",
        "沒有工號為 {number} 的人。",
    )


class SaidOtherwise(Invalid):
    text = Text(
        "Another row says something else of this day.",
        "另一行对这一天的数据有不同说法。",
        "另一列對這一天的數據有不同說法。",
    )


class Kind(StrEnum):
    NEW = "new"
    RESTATED = "restated"
    UNCHANGED = "unchanged"


@dataclass(frozen=True)
class Change:
    """What comes of a row; `was` is what was known."""

    entry: Entry
    kind: Kind
    was: Figure | None = None

    @property
    def row(self) -> int:
        return self.entry.row

    @property
    def cells(self) -> Sequence[str]:
        return self.entry.cells

    @property
    def faults(self) -> Sequence[Fault]:
        return ()


Outcome = Change | Reject
Known = dict[tuple[UUID, date], Figure]


async def changes(entries: Iterable[Entry], *, dry_run: bool = False) -> AsyncIterator[Outcome]:
    """One for each row, told as soon as its effect is committed."""
    rows, seen = iter(entries), dict[tuple[str, date], dict[str, Any]]()
    while batch := [unless_repeated(entry, seen) for entry in islice(rows, BATCH)]:
        for outcome in await (planned(batch) if dry_run else applied(batch)):
            yield outcome


async def planned(batch: Sequence[Entry]) -> list[Outcome]:
    return await _compared(batch, await _people(batch))


@transaction
async def applied(batch: Sequence[Entry]) -> list[Outcome]:
    numbers = {entry.number for entry in batch}
    locked = Person.filter(number__in=numbers).order_by("number").only("id")
    await locked.select_for_update(no_key=True)  # one import after the other
    people = await _people(batch)
    outcomes = await _compared(batch, people)
    made = [one for one in outcomes if isinstance(one, Change) and one.kind is not Kind.UNCHANGED]
    for change in made:
        await _write(change, people[change.entry.number].id)
    await _follow(made, people)
    return outcomes


async def _people(batch: Iterable[Entry]) -> dict[str, Person]:
    numbers = {entry.number for entry in batch if entry.number}
    return {person.number: person for person in await Person.filter(number__in=numbers)}


async def _compared(batch: Iterable[Entry], people: dict[str, Person]) -> list[Outcome]:
    known = await _known(batch, people)
    outcomes: list[Outcome] = []
    for entry in batch:
        person = people.get(entry.number)
        if entry.faults or person is None or entry.day is None:
            faults = entry.faults or [Fault("", NobodyWithNumber(number=entry.number))]
            outcomes.append(Reject(entry.row, entry.cells, faults))
            continue
        was = known.get((person.id, entry.day))
        outcomes.append(Change(entry, _kind(entry, was), was))
        new = Figure(person_id=person.id, day=entry.day, **_all(entry))
        known[person.id, entry.day] = was or new
    return outcomes


async def _known(batch: Iterable[Entry], people: dict[str, Person]) -> Known:
    days = {entry.day for entry in batch if entry.day}
    if not days:
        return {}
    rows = Figure.filter(
        person_id__in=[person.id for person in people.values()],
        day__gte=min(days),
        day__lte=max(days),
    )
    return {(figure.person_id, figure.day): figure for figure in await rows}


def _kind(entry: Entry, was: Figure | None) -> Kind:
    if was is None:
        return Kind.NEW
    same = all(getattr(was, name) == value for name, value in entry.values.items())
    return Kind.UNCHANGED if same else Kind.RESTATED


def _all(entry: Entry) -> dict[str, Any]:
    return {name: entry.values.get(name) for name in VALUES}


def unless_repeated(entry: Entry, seen: dict[tuple[str, date], dict[str, Any]]) -> Entry:
    """Of two rows about one day the first counts, unless both say the same."""
    if entry.day and not entry.faults:
        first = seen.setdefault((entry.number, entry.day), entry.values)
        if first != entry.values:
            entry.faults.append(Fault("", SaidOtherwise()))
    return entry


async def _write(change: Change, person_id: UUID) -> None:
    was, said = change.was, change.entry
    if was is None:
        new = Figure(id=uuid4(), person_id=person_id, day=said.day, **_all(said))
        await inserts.added(new)
        return
    before = {name: getattr(was, name) for name in VALUES}
    now = clock.now()
    await Restatement.create(id=uuid4(), figure_id=was.id, at=now, was=before)
    await Figure.filter(id=was.id).update(**said.values, restated_at=now)
    source = f"{was.id}:{now.isoformat()}"
    await notices.tell(person_id, News(NoticeKind.FIGURES, "figures", source))


async def _follow(made: Iterable[Change], people: dict[str, Person]) -> None:
    """Teams on boards that are open."""
    days = {one.entry.day for one in made if one.entry.day}
    teams = {people[one.entry.number].team_id for one in made}
    for board in await boards.running(OUTSIDE_KINDS, days):
        for team_id in sorted(filter(None, teams)):
            await scores.make_due(board.id, team_id)
