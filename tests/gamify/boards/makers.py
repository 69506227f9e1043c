"""Colleagues who did something that counts, and how boards then look."""

from datetime import UTC, datetime
from uuid import uuid4

from core import clock, events
from core.people import Person, Team
from gamify.boards import tallies, team_scores
from gamify.boards.boards import Measure
from gamify.boards.tallies import Tally
from gamify.composition import PART
from tests.gamify.makers import an_event
from tests.makers import a_person, numbers, send

WEDNESDAY = datetime(2026, 11, 18, 4, tzinfo=UTC)  # noon in Shanghai


async def a_team(**given) -> Team:
    name = f"Team {next(numbers)}"
    return await Team.create(**{"id": uuid4(), "department": "Care", "name": name} | given)


async def scored(
    person: Person, amount: int, *, at=None, measure: Measure = Measure.POINTS
) -> Tally:
    """Somebody has so much more."""
    day = clock.business_date(at or clock.now())
    source = f"{measure}:{uuid4()}"
    given = {"measure": measure, "person_id": person.id, "amount": amount, "day": day}
    await tallies.add(tally := Tally(source=source, **given))
    return tally


async def people_with(*amounts: int, **given) -> list[Person]:
    found = [await a_person(**given) for _ in amounts]
    for person, amount in zip(found, amounts, strict=True):
        if amount:
            await scored(person, amount)
    return found


async def thanked(person: Person, name: str = "answer.accepted", **given) -> events.Event:
    event = await an_event(name, answerer=person.id, **given)
    await deliver()
    return event


async def deliver() -> None:
    for _ in range(2):  # teams follow their members
        while await events.deliver(PART.subscribers):
            pass
        await team_scores.settle()


async def board(viewer: Person, **given):
    asked = {"measure": "POINTS", "span": "WEEK"} | given
    return await send("Boards", by=viewer, **asked)


def ranks(places) -> list[tuple[int, float]]:
    return [(place["rank"], place["score"]) for place in places]


def names(places) -> list[str | None]:
    return [place["person"] and place["person"]["name"] for place in places]
