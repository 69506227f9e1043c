"""What a client's operations about boards and challenges need to be there."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from core import clock
from core.people import Person
from gamify.boards import closings, goals
from gamify.boards.boards import Measure
from gamify.boards.spans import Span
from tests.gamify.boards.makers import deliver, people_with, scored
from tests.gamify.challenges.makers import a_challenge, joined, settled
from tests.gamify.measures.makers import worked
from tests.makers import a_person, node

WEEK = timedelta(days=7)

#: A challenge as HR writes it.
KIND_WEEK: dict[str, Any] = {
    "title": "A kind week",
    "about": "Answer, and be thanked",
    "measure": "POINTS",
    "scope": "PEOPLE",
    "aim": "TOP",
    "places": 1,
    "beginsOn": "2030-01-07",
    "endsOn": "2030-01-13",
    "prize": 100,
}


async def known(values: Iterable[Any], ann: Person) -> dict[str, str]:
    if "roll" in values:
        with clock.set_to(clock.now() - WEEK):
            await people_with(40, 30, 20)
            await scored(ann, 50)
        await deliver()  # or what happened on Sunday would keep the week open on Monday
        with clock.set_to(clock.now() + closings.GRACE):
            await closings.close()
    if "figures" in values:
        await worked(ann, clock.business_date())
    if "goal" in values:
        return {"goal": node("goal", await goals.set_(Measure.POINTS, Span.WEEK, 5, by=ann))}
    if "challenge" in values:
        challenge = await a_challenge()
        await joined(challenge, ann, ben := await a_person())
        await settled(challenge)
        return {"challenge": node("challenge", challenge), "entrant": node("person", ben)}
    return {}
