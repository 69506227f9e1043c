"""Kinds of events that rules may speak of, as what they tell: the contract with other packages.

Where a name stands here it is a key of the event's payload. Who did it is the event's actor.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from core.events import Event
from gamify.reasons import Reason

SHELTERED = "SUPPORT"  # the kind of group in which nothing pays
TAGS = "tags"  # ids of tags, with blanks between them


@dataclass(frozen=True, kw_only=True)
class EventKind:
    gesture: Sequence[str]  # what pays once
    payees: Sequence[str]  # whom it may pay
    subject: str  # what it is about
    undone_by: str = ""  # the event that takes it back
    by_colleague: bool = True  # whether it takes a colleague, who cannot mean themselves
    facts: Mapping[str, Sequence[str]] = field(default_factory=dict)  # with what each may be
    has_tags: bool = False
    amount: str = ""  # points, where the event says how many
    reason: Reason = Reason.EARNED

    @property
    def pairs(self) -> list[str]:
        """All facts, as `key=value`."""
        return [f"{key}={value}" for key, values in self.facts.items() for value in values]


_THANKS = {
    "gesture": ("thanks",),
    "payees": ("answerer",),
    "subject": "comment",
    "facts": {"group_kind": ("KNOWLEDGE", "SOCIAL", "IDEAS")},
    "has_tags": True,
}

KNOWN: dict[str, EventKind] = {
    "answer.accepted": EventKind(undone_by="answer.unaccepted", **_THANKS),  # type: ignore[arg-type]  # each is what it should be
    "answer.adopted": EventKind(undone_by="answer.unadopted", **_THANKS),  # type: ignore[arg-type]  # as above
    "challenge.won": EventKind(
        gesture=("challenge", "winner"),
        payees=("winner",),
        subject="challenge",
        by_colleague=False,
        amount="points",
    ),
    "bonus.given": EventKind(
        gesture=("bonus",),
        payees=("person",),
        subject="bonus",
        by_colleague=False,
        amount="points",
        reason=Reason.BONUS,
    ),
    "referral.milestone_reached": EventKind(
        gesture=("referral", "milestone"),
        payees=("referrer",),
        subject="referral",
        by_colleague=False,
        facts={"milestone": ("HIRED", "DAYS_90", "YEAR_1")},
        amount="points",
    ),
}

#: What takes back, and what it takes back.
UNDOING = {kind.undone_by: name for name, kind in KNOWN.items() if kind.undone_by}


class Described(NamedTuple):
    """A kind as HR reads of it."""

    name: str
    payees: Sequence[str]
    facts: Sequence[str]
    has_tags: bool
    by_colleague: bool


class Gesture(NamedTuple):
    """What a rule sees in an event."""

    id: str
    subject: str
    giver: UUID | None
    payee: UUID
    amount: int | None
    facts: Mapping[str, str]
    tags: frozenset[str]
    at: datetime


def described() -> list[Described]:
    return [
        Described(name, kind.payees, kind.pairs, kind.has_tags, kind.by_colleague)
        for name, kind in KNOWN.items()
    ]


def gesture(event: Event, payee: str) -> Gesture | None:
    """None where nobody may be paid: it was sheltered, for oneself, or somebody is not named."""
    kind, told = KNOWN[UNDOING.get(event.name, event.name)], event.payload
    giver = event.actor_id if kind.by_colleague else None
    needed = filter(None, (*kind.gesture, kind.subject, payee, kind.amount))
    is_told = all(told.get(key) for key in needed)
    if not is_told or (kind.by_colleague and giver is None) or told.get("group_kind") == SHELTERED:
        return None
    found = Gesture(
        id=":".join(str(told[key]) for key in kind.gesture),
        subject=str(told[kind.subject]),
        giver=giver,
        payee=UUID(told[payee]),
        amount=told.get(kind.amount),
        facts={key: str(told.get(key)) for key in kind.facts},
        tags=frozenset(str(told.get(TAGS) or "").split()),
        at=event.due_at,
    )
    return None if found.payee == event.actor_id else found
