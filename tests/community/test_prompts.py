import asyncio
from datetime import date, timedelta

import pytest

from api.composition import SUBSCRIBERS
from community import prompts
from community.buddies import Buddy
from community.prompts import Prompt
from core import clock, events, pauses
from core.events import Event
from core.people import Person
from tests.core.messaging.test_notices import told
from tests.makers import a_person

DAY = timedelta(days=1)


def days_ago(days: int) -> date:
    return clock.business_date() - days * DAY


async def a_pair(days: int, **given) -> tuple[Person, Person]:
    buddy = await a_person(name="Ben", hired_on=days_ago(900))
    newcomer = await a_person(name="Ann", hired_on=days_ago(days), **given)
    await Buddy.create(newcomer_id=newcomer.id, buddy_id=buddy.id)
    return newcomer, buddy


async def recorded() -> list[tuple[str, int]]:
    """Whom to prompt, on which of their days."""
    found = []
    for event in await Event.filter(name="prompt.due"):
        newcomer = await Person.get(id=event.payload["newcomer"])
        found.append((newcomer.name, event.payload["day"]))
    return sorted(found)


async def delivered() -> None:
    while await events.deliver(SUBSCRIBERS):
        pass


async def test_newcomers_and_their_buddies_are_prompted_of_each_other():
    newcomer, buddy = await a_pair(6)
    for _ in range(2):
        await prompts.record_due()
        await delivered()
    assert await told(newcomer) == ["A good day for a word with Ben."]
    assert await told(buddy) == ["A good day for a word with Ann."]


@pytest.mark.parametrize(
    ("days", "day"),
    [(0, 1), (2, 1), (3, None), (5, None), (6, 7), (29, 30), (89, 90), (91, 90), (92, None)],
)
async def test_days_1_7_30_and_90_are_told_and_no_more_than_two_days_late(days, day):
    await a_pair(days)
    await prompts.record_due()
    assert await recorded() == ([("Ann", day)] if day else [])


async def test_each_day_is_told_once():
    await a_pair(0)
    for days in range(95):
        with clock.set_to(clock.now() + days * DAY):
            await prompts.record_due()
    assert await recorded() == [("Ann", 1), ("Ann", 7), ("Ann", 30), ("Ann", 90)]


async def test_whoever_is_away_or_has_left_is_left_in_peace():
    newcomer, buddy = await a_pair(6)
    await a_person(name="Gone", hired_on=days_ago(6), left_on=days_ago(0))
    await pauses.pause(days_ago(-3), by=buddy)
    await prompts.record_due()
    await delivered()
    assert await recorded() == [("Ann", 7)]
    assert await told(buddy) == []
    assert len(await told(newcomer)) == 1


async def test_a_newcomer_without_a_buddy_is_asked_how_it_is():
    newcomer = await a_person(hired_on=days_ago(6))
    await prompts.record_due()
    await delivered()
    assert await told(newcomer) == ["How are you settling in?"]


async def test_what_is_long_over_is_forgotten():
    await a_pair(6)
    await prompts.record_due()
    with clock.set_to(clock.now() + 180 * DAY):
        await prompts.forget()
        assert await Prompt.exists()
    with clock.set_to(clock.now() + 181 * DAY):
        await prompts.forget()
        assert not await Prompt.exists()


@pytest.mark.committed
async def test_processes_that_prompt_at_once_prompt_once():
    await a_pair(6)
    await asyncio.gather(*(prompts.record_due() for _ in range(6)))
    assert await recorded() == [("Ann", 7)]
