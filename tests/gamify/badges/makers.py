"""Badges, and deeds as other packages tell of them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from core import clock, events
from core.events import Event
from core.people import Grants, Person
from core.text import Text
from gamify.badges import badges, making
from gamify.badges.badges import BadgeKind
from gamify.badges.composition import PART
from gamify.badges.criteria import Criteria, Level, Tally
from gamify.badges.deeds import TAKEN_BACK
from gamify.badges.drafts import Draft
from gamify.badges.emblems import Icon
from tests.gamify.makers import an_event
from tests.makers import a_key, a_person, send

SILVER = {Level.SILVER: Tally(times=10, people=5)}


def a_draft(levels: dict[Level, Tally] | None = None, **given: Any) -> Draft:
    criteria = Criteria(levels or SILVER, given.pop("deeds", ()), given.pop("tag_id", None))
    kind = given.pop("kind", BadgeKind.EARNED)
    names = Text("Neighbour", "好邻居", "好鄰居")
    return Draft(kind, Icon.HEART, names, names, criteria, **given)


async def a_badge(levels: dict[Level, Tally] | None = None, **given: Any) -> badges.Badge:
    hr = await a_person(grants=Grants.HR)
    return await making.make(a_draft(levels, **given), by=hr, key=a_key())


async def a_deed(person: Person, *, by: UUID | None = None, **given: Any) -> Event:
    """Somebody's thanks; who they are does not matter unless it is said."""
    name = given.pop("name", "answer.accepted")
    return await an_event(name, answerer=person.id, asker=by or uuid4(), **given)


async def taken_back(deed: Event, *, at: Any = None) -> Event:
    name = deed.name.replace(".", ".un")
    assert name in TAKEN_BACK
    return await events.record(name, actor=deed.actor_id, due_at=at or clock.now(), **deed.payload)


async def deeds(person: Person, times: int, *, people: int = 5, **given: Any) -> list[Event]:
    """So many, by so many colleagues in turn."""
    colleagues = [uuid4() for _ in range(people)]
    return [await a_deed(person, by=colleagues[n % people], **given) for n in range(times)]


async def deliver(told: Sequence[Event] | None = None) -> None:
    """These events alone, in this order, or all that are due."""
    for event in told or ():
        for subscriber in PART.subscribers[event.name]:
            await subscriber(event)
    while told is None and await events.deliver(PART.subscribers):
        pass


async def shown(person: Person, *, to: Person | None = None) -> list[tuple[str, str | None]]:
    """What a colleague sees beside their name."""
    reader = to or await a_person()
    data = await send("BadgesOf", by=reader, person=f"person_{person.id.hex}")
    return [(one["badge"]["name"], one["level"]) for one in data["badges"]]
