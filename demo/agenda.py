"""Agendas: what happens when, performed in order of time under a clock that is set to it."""

from collections.abc import Awaitable, Callable, Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import NamedTuple, TypeVar

from api.composition import SUBSCRIBERS
from community import activity, vents
from core import clock, events
from core.events import Subscriber, Subscribers
from core.messaging import sealed_news
from core.transactions import transaction
from gamify import holds

Item = TypeVar("Item")
Told = Callable[[int], object]

BATCH = 100  # acts of a transaction, so that the disk is not asked after each of them


class Act(NamedTuple):
    at: datetime
    do: Callable[[], Awaitable[object]]


async def perform(agenda: Iterable[Act], *, done: Told) -> None:
    """Act by act; `done` is told how many more were."""
    for acts in _batches(sorted(agenda, key=lambda act: act.at)):
        await _together(acts, done)
        subscribers = _lasting() if acts[-1].at < clock.now() - activity.KEPT else SUBSCRIBERS
        with clock.set_to(min(acts[-1].at, clock.now())):  # nothing comes before its time
            await _settle(subscribers)


def _lasting() -> dict[str, list[Subscriber]]:
    """Without what would be forgotten by now: a fifth of the work."""
    return {
        name: [one for one in told if one is not activity.write]
        for name, told in SUBSCRIBERS.items()
    }


@transaction
async def _settle(subscribers: Subscribers) -> None:
    """What a running service does by itself: events are delivered, and what is due is done."""
    while await events.deliver(subscribers):
        pass
    while await holds.release_due():
        pass
    while await sealed_news.tell_due():
        pass
    await vents.ask_due()


@transaction
async def _together(acts: list[Act], done: Told) -> None:
    for act in acts:
        with clock.set_to(act.at):
            await act.do()
        done(1)


def _batches(items: Iterable[Item]) -> Iterator[list[Item]]:
    iterator = iter(items)
    while batch := [*islice(iterator, BATCH)]:
        yield batch
