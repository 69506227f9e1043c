"""Books: where it stands who confirmed what, and what was paid for it.

Rules are tried out on other books than those that pay (`gamify/dry_runs.py`), with the same mind.
"""

from typing import NamedTuple, Protocol

from gamify.event_kinds import Gesture
from gamify.rules import Rule
from gamify.terms import Threshold


class Support(NamedTuple):
    """How often, and by how many colleagues, something is confirmed."""

    times: int
    colleagues: int

    def meets(self, threshold: Threshold) -> bool:
        return self.times >= threshold.times and self.colleagues >= threshold.colleagues


class Books(Protocol):
    async def confirm(self, rule: Rule, gesture: Gesture, threshold: Threshold) -> Support: ...

    async def deny(self, rule: Rule, gesture: Gesture, threshold: Threshold) -> Support: ...

    async def pay(self, rule: Rule, gesture: Gesture) -> None:
        """Once, if a slot of each kind is free and the budget bears it."""

    async def take_back(self, rule: Rule, gesture: Gesture) -> None:
        """What was paid for the gesture, or by it, as long as that is pending."""


async def consider(books: Books, rule: Rule, gesture: Gesture) -> None:
    """Pay for a gesture what the rule promised."""
    if not (terms := rule.terms).admit(gesture):
        return
    threshold = terms.threshold
    if threshold is None or (await books.confirm(rule, gesture, threshold)).meets(threshold):
        await books.pay(rule, gesture)


async def reconsider(books: Books, rule: Rule, gesture: Gesture) -> None:
    """The gesture was taken back: so is what it alone has earned."""
    if not (terms := rule.terms).fit(gesture):
        return
    threshold = terms.threshold
    if threshold is None or not (await books.deny(rule, gesture, threshold)).meets(threshold):
        await books.take_back(rule, gesture)


def slots(rule: Rule, gesture: Gesture) -> list[list[str]]:
    """What a payment takes: the first free one of each list."""
    return [[f"{rule.name}:{key}" for key in keys] for keys in rule.terms.slots(gesture)]


def source_key(rule: Rule, gesture: Gesture) -> str:
    return f"{rule.name}:{gesture.id}"
