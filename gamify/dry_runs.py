"""Dry runs: what a rule would have paid for what happened, decided as payments are, on books of
its own in memory.
"""

from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from core import people, settings
from core.errors import Invalid
from core.events import Event
from core.people import Person
from core.sheets.written import sheet
from core.text import Text
from gamify import books, event_kinds, rules
from gamify.books import Support
from gamify.drafts import Draft
from gamify.event_kinds import Gesture
from gamify.holds import HELD
from gamify.rules import Rule
from gamify.terms import Threshold

LONGEST = timedelta(days=92)
AFFECTED = 20  # people who are shown
AT_ONCE = 1000  # events read in one statement


class PeriodTooLong(Invalid):
    text = Text(
        "A rule is tried on at most {days} days of the past.",
        "规则最多只能用过去 {days} 天的数据试算。",
        "規則最多只能用過去 {days} 天的資料試算。",
    )


class Share(NamedTuple):
    """What somebody would have got, in points."""

    person_id: UUID
    payments: int
    points: int


@dataclass
class Rehearsal:
    """Books that nobody is paid from."""

    used: int = 0
    is_stopped: bool = False
    decided: set[str] = field(default_factory=set)
    paid: dict[str, Gesture] = field(default_factory=dict)
    slots: dict[str, str] = field(default_factory=dict)
    confirmed: defaultdict[str, dict[str, UUID | None]] = field(
        default_factory=lambda: defaultdict(dict)
    )
    denied: set[str] = field(default_factory=set)

    async def confirm(self, rule: Rule, gesture: Gesture, threshold: Threshold) -> Support:
        scope = self.confirmed[threshold.scope(gesture)]
        if gesture.id not in self.denied:
            scope[gesture.id] = gesture.giver
        return Support(len(scope), len({*scope.values()}))

    async def deny(self, rule: Rule, gesture: Gesture, threshold: Threshold) -> Support:
        self.denied.add(gesture.id)
        scope = self.confirmed[threshold.scope(gesture)]
        scope.pop(gesture.id, None)
        return Support(len(scope), len({*scope.values()}))

    async def pay(self, rule: Rule, gesture: Gesture) -> None:
        wanted = [self._free(keys) for keys in books.slots(rule, gesture)]
        if gesture.id in self.decided or None in wanted:
            return
        if self.used + rule.worth(gesture) > rule.budget:
            self.is_stopped = True
            return
        self.used += rule.worth(gesture)
        self.decided.add(gesture.id)
        self.paid[gesture.id] = gesture
        self.slots |= dict.fromkeys(filter(None, wanted), gesture.id)

    async def take_back(self, rule: Rule, gesture: Gesture) -> None:
        id: str | None = gesture.id
        if rule.terms.threshold:
            [[reached]] = books.slots(rule, gesture)
            id = self.slots.get(reached)
        if id is None:
            return
        self.decided.add(id)
        if (paid := self.paid.get(id)) and gesture.at < paid.at + HELD:
            del self.paid[id]
            self.used -= rule.worth(paid)
            self.slots = {key: by for key, by in self.slots.items() if by != id}

    def _free(self, keys: Sequence[str]) -> str | None:
        return next((key for key in keys if key not in self.slots), None)


class DryRun(NamedTuple):
    """`is_stopped`: the budget would not have borne all of it."""

    points: int
    payments: int
    is_stopped: bool
    shares: Sequence[Share]  # the most points first

    @property
    def people(self) -> int:
        return len(self.shares)

    @property
    def most_affected(self) -> Sequence[Share]:
        return self.shares[:AFFECTED]


async def run(draft: Draft, since: date, until: date) -> DryRun:
    """Try a rule on what happened on these business dates, both included. Raises PeriodTooLong."""
    if not timedelta() <= until - since < LONGEST:
        raise PeriodTooLong(days=LONGEST.days)
    rule, rehearsal = rules.made(draft._replace(effective_from=None), 1, None), Rehearsal()
    async for event in _past(rule, _midnight(since), _midnight(until + timedelta(days=1))):
        if gesture := event_kinds.gesture(event, rule.payee):
            decide = books.consider if event.name == rule.event else books.reconsider
            await decide(rehearsal, rule, gesture)
    return _result(rule, rehearsal)


async def csv(tried: Sequence[DryRun]) -> list[str]:
    """Everybody who would get something, as a file for spreadsheets."""
    ids = {share.person_id for run in tried for share in run.shares}
    known = {person.id: person for person in await people.named([*ids])}
    return [_sheet(run, known) for run in tried]


async def _past(rule: Rule, start: datetime, end: datetime) -> AsyncIterator[Event]:
    names = [name for name in (rule.event, rule.kind.undone_by) if name]
    happened = Event.filter(name__in=names, due_at__gte=start, due_at__lt=end)
    number = 0
    while some := await happened.order_by("due_at", "id").offset(number).limit(AT_ONCE):
        for event in some:
            yield event
        number += len(some)


def _result(rule: Rule, rehearsal: Rehearsal) -> DryRun:
    payments: Counter[UUID] = Counter(gesture.payee for gesture in rehearsal.paid.values())
    points: Counter[UUID] = Counter()
    for gesture in rehearsal.paid.values():
        points[gesture.payee] += rule.worth(gesture)
    shares = [Share(id, payments[id], points[id]) for id in points]
    shares.sort(key=lambda share: (-share.points, -share.payments, share.person_id))
    return DryRun(rehearsal.used, payments.total(), rehearsal.is_stopped, shares)


def _sheet(run: DryRun, known: dict[UUID, Person]) -> str:
    people = [(known[share.person_id], share) for share in run.shares]
    lines = [
        (who.number, who.name, str(share.payments), str(share.points)) for who, share in people
    ]
    return sheet([("employee number", "name", "payments", "points"), *lines])


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(settings.current().time_zone))
